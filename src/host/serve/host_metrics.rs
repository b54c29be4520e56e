//! What the host tells of itself in numbers, read off the board at each scrape.

use std::fmt::Error;
use std::sync::Arc;

use jiff::Timestamp;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{
    DescriptorEncoder, EncodeCounterValue, EncodeGaugeValue, NoLabelSet,
};
use prometheus_client::metrics::MetricType;

use crate::host::{Answers, Board, StageSeconds, Status};
use crate::plan::NO_TIER;

#[derive(Debug)]
pub(super) struct HostMetrics {
    board: Arc<Board>,
}

impl HostMetrics {
    pub fn of(board: Arc<Board>) -> Self {
        Self { board }
    }
}

impl Collector for HostMetrics {
    fn encode(&self, encoder: DescriptorEncoder) -> Result<(), Error> {
        let mut page = Page(encoder);
        if let Some(answers) = self.board.answers() {
            page.customers(&answers)?;
        }
        page.status(&self.board.generation(), &self.board.status())
    }
}

struct Page<'a>(DescriptorEncoder<'a>);

type Labels<'a, const N: usize> = [(&'a str, &'a str); N];

impl Page<'_> {
    fn customers(&mut self, answers: &Answers) -> Result<(), Error> {
        let program = &answers.rules.program;
        let ladders = program.ladders.iter().zip(&answers.tiers);
        let tiers = ladders.flat_map(|(ladder, counts)| {
            let tiers = ladder.tiers.iter().map(|tier| tier.name.as_str()).chain([NO_TIER]);
            let labels = tiers.map(|tier| [("ladder", ladder.name.as_str()), ("tier", tier)]);
            labels.zip(counts.iter().copied())
        });
        self.gauges("customers", "Customers by tier", tiers)?;
        let segments = program.segments.iter().zip(&answers.segments);
        let segments = segments.map(|(segment, count)| ([("segment", &*segment.name)], *count));
        self.gauges("segment_customers", "Customers by segment", segments)
    }

    fn status(&mut self, generation: &str, status: &Status) -> Result<(), Error> {
        let Status { last_attempt, waiting, last_pass, counts, .. } = status;
        let help = "The rules that answer";
        let mut info = self.0.encode_descriptor("generation", help, None, MetricType::Info)?;
        info.encode_info(&[("generation", generation)])?;
        let from_state = u64::from(status.from_state);
        self.gauge("rules_from_state", "Whether those on disk do not build", from_state)?;
        let help = "Whether a generation waits for a person";
        self.gauge("waiting", help, u64::from(waiting.is_some()))?;
        if let Some(attempt) = last_attempt {
            let ok = u64::from(attempt.ok);
            self.gauge("last_reload_ok", "Whether the last reload was good", ok)?;
            let findings = attempt.findings.len() as u64;
            self.gauge("findings", "Findings of the last reload", findings)?;
        }
        if let Some(time) = counts.last_reload_ok {
            let help = "When a reload was good last";
            self.gauge("last_good_reload_timestamp_seconds", help, seconds(time))?;
        }
        let reloads = [("ok", counts.reloads_ok), ("failed", counts.reloads_failed)];
        let reloads = reloads.map(|(outcome, count)| ([("outcome", outcome)], count));
        self.counters("reloads", "Reloads since the start", reloads)?;
        let passes = [
            ("full", counts.full_passes),
            ("touched", counts.touched_passes),
            ("failed", counts.failed_passes),
        ];
        let passes = passes.map(|(kind, count)| ([("kind", kind)], count));
        self.counters("passes", "Passes since the start", passes)?;
        if let Some(pass) = last_pass {
            let help = "When the last pass was made";
            self.gauge("last_pass_timestamp_seconds", help, seconds(pass.at))?;
            let stages = staged(pass.kind.name(), pass.seconds);
            self.gauges("last_pass_seconds", "Seconds of the last pass by stage", stages)?;
        }
        let seconds = [("full", counts.full_seconds), ("touched", counts.touched_seconds)];
        let seconds = seconds.into_iter().flat_map(|(kind, seconds)| staged(kind, seconds));
        self.counters("pass_seconds", "Seconds of all passes since the start by stage", seconds)?;
        let help = "Decisions of the last full pass and later that could not be made";
        self.gauge("faults", help, counts.faults)?;
        self.gauge("queue", "Touched customers who are not decided yet", counts.queue)?;
        let troubled = u64::from(status.trouble.is_some());
        self.gauge("troubled", "Whether something keeps passes from being made", troubled)
    }

    fn gauge(&mut self, name: &str, help: &str, value: impl EncodeGaugeValue) -> Result<(), Error> {
        let mut gauge = self.0.encode_descriptor(name, help, None, MetricType::Gauge)?;
        gauge.encode_gauge(&value)
    }

    fn gauges<'a, const N: usize>(
        &mut self,
        name: &str,
        help: &str,
        values: impl IntoIterator<Item = (Labels<'a, N>, impl EncodeGaugeValue)>,
    ) -> Result<(), Error> {
        let mut family = self.0.encode_descriptor(name, help, None, MetricType::Gauge)?;
        let mut values = values.into_iter();
        values.try_for_each(|(labels, value)| family.encode_family(&labels)?.encode_gauge(&value))
    }

    fn counters<'a, const N: usize>(
        &mut self,
        name: &str,
        help: &str,
        values: impl IntoIterator<Item = (Labels<'a, N>, impl EncodeCounterValue)>,
    ) -> Result<(), Error> {
        let mut family = self.0.encode_descriptor(name, help, None, MetricType::Counter)?;
        let mut values = values.into_iter();
        values.try_for_each(|(labels, value)| {
            let mut counter = family.encode_family(&labels)?;
            counter.encode_counter::<NoLabelSet, _, u64>(&value, None)
        })
    }
}

/// Seconds by stage with their labels.
fn staged(kind: &'static str, seconds: StageSeconds) -> [(Labels<'static, 2>, f64); 3] {
    seconds.named().map(|(stage, it)| ([("kind", kind), ("stage", stage)], it))
}

/// Since 1970.
fn seconds(time: Timestamp) -> f64 {
    time.as_millisecond() as f64 / 1000.0
}
