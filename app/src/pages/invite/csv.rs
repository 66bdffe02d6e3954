//! The verdicts as a file for a spreadsheet.

use std::fmt::Write as _;

use rolecall_shared::invitation::{AddressVerdict, Verdict};

use crate::paths::escape;

/// Address, outcome, detail; RFC 4180 with every cell quoted.
pub fn csv(verdicts: &[AddressVerdict]) -> String {
    let mut out = String::from("\"address\",\"outcome\",\"detail\"\r\n");
    for AddressVerdict { address, verdict } in verdicts {
        let (outcome, detail) = match verdict {
            Verdict::Invited { link, .. } => ("invited", link.as_deref().unwrap_or_default()),
            Verdict::Invalid { reason } => ("invalid", reason.as_str()),
            Verdict::Member { .. } => ("already a member", ""),
            Verdict::Suspended { .. } => ("suspended member", ""),
            Verdict::Former { .. } => ("former member", ""),
            Verdict::Pending { .. } => ("already invited", ""),
            Verdict::OtherRole { role, .. } => ("already invited with another role", role.as_str()),
            Verdict::OtherGrant { .. } => ("already invited with other groups or projects", ""),
            Verdict::DomainNotAllowed => ("domain not allowed", ""),
            Verdict::Limited { reason } => ("over a limit", reason.as_str()),
        };
        // Writing to a string can not fail.
        let _ = write!(
            out,
            "{},{},{}\r\n",
            cell(address),
            cell(outcome),
            cell(detail)
        );
    }
    out
}

/// Quoted, and never a formula: a spreadsheet runs what begins with one of these (rule 57).
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let guard = if formula { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

/// The file as the target of a link.
pub fn data_url(csv: &str) -> String {
    format!("data:text/csv;charset=utf-8,{}", escape(csv))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula_and_never_ends_early() {
        let verdicts = [
            AddressVerdict {
                address: "=HYPERLINK(\"x\")".into(),
                verdict: Verdict::Invalid {
                    reason: "No @.".into(),
                },
            },
            AddressVerdict {
                address: "ana@example.org".into(),
                verdict: Verdict::DomainNotAllowed,
            },
        ];
        assert_eq!(
            csv(&verdicts),
            "\"address\",\"outcome\",\"detail\"\r\n\
             \"'=HYPERLINK(\"\"x\"\")\",\"invalid\",\"No @.\"\r\n\
             \"ana@example.org\",\"domain not allowed\",\"\"\r\n"
        );
    }
}
