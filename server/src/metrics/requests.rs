//! The answers to requests, and how long they took.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::Registry,
};

/// Ends of the classes of time, in seconds: from a decision to a page that waits for the database.
const SECONDS: [f64; 11] = [
    0.000_1, 0.000_25, 0.000_5, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1.0, 5.0,
];

/// What an answer is counted under.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    /// The pattern of the route, never the address (rule 25).
    route: String,
    method: &'static str,
    /// `2xx` and so on.
    status: &'static str,
}

/// What its time is counted under.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Timed {
    route: String,
    method: &'static str,
}

/// The answers of this instance since it started.
#[derive(Clone, Debug)]
pub struct Requests {
    answered: Family<Answered, Counter>,
    seconds: Family<Timed, Histogram, fn() -> Histogram>,
}

impl Default for Requests {
    fn default() -> Self {
        let histogram: fn() -> Histogram = || Histogram::new(SECONDS);
        Self {
            answered: Family::default(),
            seconds: Family::new_with_constructor(histogram),
        }
    }
}

impl Requests {
    /// Counts an answer; without a route it was a file, or nothing that is here. A live stream is answered
    /// when it begins.
    pub fn count(&self, route: Option<&str>, method: &Method, status: StatusCode, took: Duration) {
        let method = known(method);
        let timed = Timed {
            route: route.unwrap_or("other").to_owned(),
            method,
        };
        self.seconds
            .get_or_create(&timed)
            .observe(took.as_secs_f64());
        let answered = Answered {
            route: timed.route,
            method,
            status: class(status),
        };
        self.answered.get_or_create(&answered).inc();
    }

    /// Puts them among the numbers.
    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register(
            "http_requests",
            "Requests that were answered",
            self.answered.clone(),
        );
        registry.register(
            "http_request_duration_seconds",
            "Time until the head of the answer",
            self.seconds.clone(),
        );
    }
}

/// The methods that anything here takes; others are sent by whoever tries doors, in any number.
fn known(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}

#[cfg(test)]
mod tests {
    use prometheus_client::encoding::prometheus_text::encode;

    use super::*;

    #[test]
    fn made_up_methods_are_one_series() {
        let requests = Requests::default();
        for name in ["PROPFIND", "X1", "X2"] {
            let method = Method::from_bytes(name.as_bytes()).unwrap();
            requests.count(
                None,
                &method,
                StatusCode::METHOD_NOT_ALLOWED,
                Duration::ZERO,
            );
        }
        let (mut registry, mut text) = (Registry::default(), String::new());
        requests.register(&mut registry);
        encode(&mut text, &registry).unwrap();
        for name in ["requests_total{", "request_duration_seconds_count{"] {
            assert_eq!(text.matches(name).count(), 1, "{text}");
        }
        let counted = Answered {
            route: "other".to_owned(),
            method: "other",
            status: "4xx",
        };
        assert_eq!(requests.answered.get_or_create(&counted).get(), 3);
    }
}
