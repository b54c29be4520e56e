//! Where benchmarks keep their stores, and what a run took.

#![allow(dead_code, reason = "a benchmark uses what it needs of it")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Elapsed and processor seconds of a run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Seconds {
    pub elapsed: f64,
    /// Of all threads; steadier than the elapsed time on a machine with other work.
    pub processor: f64,
}

/// `target/bench`, or `TIERKEEPER_BENCH_DIR`. Stores stay there for the next run.
pub fn directory() -> PathBuf {
    let target = || Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("bench");
    let directory = std::env::var_os("TIERKEEPER_BENCH_DIR").map_or_else(target, PathBuf::from);
    std::fs::create_dir_all(&directory).expect("the directory can be made");
    directory
}

/// What a run took in this process.
pub fn time<T>(run: impl FnOnce() -> T) -> (T, Seconds) {
    let (start, before) = (Instant::now(), processor_seconds().own);
    let result = run();
    let elapsed = start.elapsed().as_secs_f64();
    (result, Seconds { elapsed, processor: processor_seconds().own - before })
}

/// The median of elapsed and of processor times.
pub fn median(runs: &[Seconds]) -> Seconds {
    Seconds {
        elapsed: middle(runs.iter().map(|run| run.elapsed)),
        processor: middle(runs.iter().map(|run| run.processor)),
    }
}

pub fn middle(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// Processor seconds of this process, and of its children that have ended.
#[derive(Debug, Clone, Copy)]
pub struct ProcessorSeconds {
    pub own: f64,
    pub children: f64,
}

/// 0 where the system is not Linux.
pub fn processor_seconds() -> ProcessorSeconds {
    const TICKS_A_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_ascii_whitespace();
    // User and system time, own and of children; what follows the command's name is the third.
    let ticks: Vec<f64> = fields.skip(11).take(4).filter_map(|ticks| ticks.parse().ok()).collect();
    let of = |range: std::ops::Range<usize>| {
        ticks.get(range).unwrap_or_default().iter().sum::<f64>() / TICKS_A_SECOND
    };
    ProcessorSeconds { own: of(0..2), children: of(2..4) }
}

/// Bytes that this process and its children that have ended gave to files; 0 where the system does
/// not tell.
pub fn bytes_written() -> u64 {
    let io = std::fs::read_to_string("/proc/self/io").unwrap_or_default();
    let written = io.lines().find_map(|line| line.strip_prefix("wchar: "));
    written.and_then(|bytes| bytes.parse().ok()).unwrap_or(0)
}

/// The most memory that a process has used so far, as `/proc` tells while it lives.
#[derive(Debug, Clone, Copy, Default)]
pub struct Memory {
    /// Bytes in memory, with the pages of mapped files.
    pub peak: u64,
    /// Bytes of its own, without mapped files.
    pub anonymous: u64,
}

impl Memory {
    /// Watches a process until it ends.
    pub fn watch(process: u32) -> Memory {
        const EVERY: Duration = Duration::from_millis(2);
        let mut memory = Memory::default();
        while let Ok(status) = std::fs::read_to_string(format!("/proc/{process}/status")) {
            let field = |name: &str| {
                let line = status.lines().find_map(|line| line.strip_prefix(name))?;
                line.split_ascii_whitespace().next()?.parse::<u64>().ok()
            };
            // A process that has ended has no memory any more.
            let Some(peak) = field("VmHWM:") else { break };
            memory.peak = memory.peak.max(peak * 1024);
            memory.anonymous = memory.anonymous.max(field("RssAnon:").unwrap_or(0) * 1024);
            std::thread::sleep(EVERY);
        }
        memory
    }
}
