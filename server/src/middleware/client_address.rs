//! The client's address: the peer, or what proxies we trust say about it (rule 13).

use std::net::{IpAddr, Ipv4Addr};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName},
    middleware::Next,
    response::Response,
};
use ipnet::IpNet;

use crate::state::AppState;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The other end of the connection, put into the request where it is accepted.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// The client's address, for limits and the audit trail.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub IpAddr);

/// Finds the client's address.
pub async fn find(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let peer = request
        .extensions()
        .get::<Peer>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0);
    let address = walk(peer, request.headers(), &state.trusted_proxies);
    request.extensions_mut().insert(ClientAddress(address));
    next.run(request).await
}

/// From the peer backwards through `X-Forwarded-For`, as long as the hop is a proxy of ours: each
/// proxy appends the address it saw, so everything left of the first stranger is hearsay.
fn walk(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    let trusted = |address: IpAddr| proxies.iter().any(|network| network.contains(&address));
    let mut address = peer.to_canonical();
    let lines: Vec<&str> = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    let hops = lines.iter().rev().flat_map(|line| line.rsplit(','));
    for hop in hops {
        if !trusted(address) {
            break;
        }
        match parse_hop(hop) {
            Some(next) => address = next,
            None => break,
        }
    }
    address
}

/// An address, perhaps with a port, as some proxies write it.
fn parse_hop(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let bare = || hop.parse::<IpAddr>().ok();
    let with_port = || {
        hop.parse::<std::net::SocketAddr>()
            .ok()
            .map(|address| address.ip())
    };
    let bracketed = || hop.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    bare()
        .or_else(with_port)
        .or_else(bracketed)
        .map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(peer: &str, lines: &[&'static str], proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, line.parse().unwrap());
        }
        let proxies: Vec<IpNet> = proxies.iter().map(|p| p.parse().unwrap()).collect();
        walk(peer.parse().unwrap(), &headers, &proxies).to_string()
    }

    #[test]
    fn a_stranger_is_not_believed() {
        assert_eq!(found("203.0.113.9", &["198.51.100.1"], &[]), "203.0.113.9");
        assert_eq!(
            found("203.0.113.9", &["198.51.100.1"], &["10.0.0.0/8"]),
            "203.0.113.9"
        );
    }

    #[test]
    fn the_walk_ends_at_the_first_stranger_from_the_right() {
        let proxies = ["10.0.0.0/8", "127.0.0.1/32"];
        assert_eq!(
            found("127.0.0.1", &["6.6.6.6, 198.51.100.1, 10.1.1.1"], &proxies),
            "198.51.100.1"
        );
        assert_eq!(
            found(
                "127.0.0.1",
                &["6.6.6.6", "198.51.100.1, 10.1.1.1"],
                &proxies
            ),
            "198.51.100.1"
        );
        assert_eq!(found("127.0.0.1", &[], &proxies), "127.0.0.1");
        assert_eq!(
            found("127.0.0.1", &["6.6.6.6, rubbish"], &proxies),
            "127.0.0.1"
        );
        assert_eq!(
            found("127.0.0.1", &["[2001:db8::1]:443"], &proxies),
            "2001:db8::1"
        );
        assert_eq!(
            found("::ffff:10.0.0.1", &["198.51.100.1"], &proxies),
            "198.51.100.1"
        );
    }
}
