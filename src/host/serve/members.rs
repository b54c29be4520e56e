//! Who is in a tier or in a segment.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::customers::part;
use super::json::{answer, said_by};
use super::parameters::Parameters;
use super::problem::{Kind, Problem};
use super::site::Site;
use crate::diagnostic::did_you_mean;
use crate::host::{Answers, Members};
use crate::store::CustomerId;

const USUAL_PAGE: u32 = 100;
const LARGEST_PAGE: u32 = 10_000;

/// `GET /v1/ladders/{ladder}/tiers/{tier}/customers`
pub(super) async fn of_tier(
    State(site): State<Arc<Site>>,
    names: Result<Path<(String, String)>, PathRejection>,
    uri: Uri,
) -> Result<Response, Problem> {
    let (ladder, tier) = part(names)?;
    let answers = site.answers()?;
    let members = tier_named(&answers, &ladder, &tier);
    list(&site, answers, members, &uri).await
}

/// `GET /v1/segments/{id}/customers`
pub(super) async fn of_segment(
    State(site): State<Arc<Site>>,
    name: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> Result<Response, Problem> {
    let name = part(name)?;
    let answers = site.answers()?;
    let segments = answers.rules.program.segments.iter().map(|segment| segment.name.as_str());
    let segment = named(Kind::UnknownSegment, "segment", &name, segments);
    list(&site, answers, segment.map(Members::Segment), &uri).await
}

fn tier_named(answers: &Answers, ladder: &str, tier: &str) -> Result<Members, Problem> {
    let ladders = &answers.rules.program.ladders;
    let names = ladders.iter().map(|ladder| ladder.name.as_str());
    let ladder = named(Kind::UnknownLadder, "ladder", ladder, names)?;
    let names = ladders[ladder].tiers.iter().map(|tier| tier.name.as_str());
    let tier = named(Kind::UnknownTier, "tier", tier, names)?;
    Ok(Members::Tier(ladder, tier))
}

fn named<'a>(
    kind: Kind,
    what: &str,
    name: &str,
    names: impl Iterator<Item = &'a str> + Clone,
) -> Result<usize, Problem> {
    names.clone().position(|known| known == name).ok_or_else(|| {
        let detail = format!("there is no {what} `{name}`");
        Problem::new(kind, detail).hint(did_you_mean(name, names))
    })
}

async fn list(
    site: &Site,
    answers: Arc<Answers>,
    members: Result<Members, Problem>,
    uri: &Uri,
) -> Result<Response, Problem> {
    let members = match members {
        Ok(members) => members,
        Err(problem) => return Ok(said_by(&answers.generation, problem.into_response())),
    };
    let parameters = Parameters::of(uri, &["after", "limit"])?;
    let limit = parameters.number("limit", USUAL_PAGE, 1..=LARGEST_PAGE)?;
    let after = match parameters.text("after") {
        Some("") => return Err(Problem::new(Kind::BadQuery, "`after` is the id of a customer")),
        after => after.map(CustomerId::parse),
    };
    // Few in a large shop are far between.
    let listed = site.places.run(move || {
        let page = answers.page(members, after.as_ref(), limit as usize);
        let ids: Vec<String> = page.customers.iter().map(CustomerId::to_string).collect();
        let next = ids.last().filter(|_| page.more);
        answer(&answers.generation, &json!({ "customers": &ids, "next": next }))
    });
    listed.await
}
