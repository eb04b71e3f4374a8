//! Where a policy lets in more than the export: asked by trying calls nobody should be able to make.
//!
//! Not the form of a statement counts but what it does. A policy without `aws:SourceAccount` whose `aws:SourceArn`
//! names the account lets no other account in, and is not called lax for it.

use std::fmt;

use super::call::{Call, ServiceNames, Who};
use super::document::Statement;
use super::pattern::Text;
use super::ruling::{Access, decide};

/// One way in which a policy lets in more than AWS documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Laxity {
    /// Other services may do the same: the principal is everyone.
    AnyService,
    /// The logs service of every Region may: the principal is `logs.amazonaws.com`.
    AnyRegion,
    /// The export of any other account may (the "confused deputy"): neither `aws:SourceAccount` nor `aws:SourceArn`
    /// stops it.
    AnyAccount,
    /// What is no log group of the account may: `aws:SourceArn` is not asked for.
    AnySource,
    /// Objects may be put with another ACL: `s3:x-amz-acl` is not asked for.
    AnyAcl,
    /// The service may do more than the two calls: the actions are given by a wildcard.
    MoreActions,
}

impl Laxity {
    const ALL: [Self; 6] =
        [Self::AnyService, Self::AnyRegion, Self::AnyAccount, Self::AnySource, Self::AnyAcl, Self::MoreActions];

    /// `call`, made by somebody or in a way that the documented policy keeps out; `None` if it is a call like that
    /// already.
    fn outsider(self, call: &Call) -> Option<Call> {
        let call = call.clone();
        Some(match self {
            Self::AnyService => Call { who: Who::Service(ServiceNames::of_another()), ..call },
            // Still in the account's name, so that this asks for the principal alone.
            Self::AnyRegion => Call { who: Who::Service(ServiceNames::of_logs_elsewhere(&call.region)), ..call },
            Self::AnyAccount => Call { account: NO_ACCOUNT.to_owned(), source: vec![foreign_source()], ..call },
            Self::AnySource => Call { source: vec![foreign_source()], ..call },
            Self::AnyAcl => Call { acl: Some(call.acl.map(|_| "public-read")?), ..call },
            Self::MoreActions => Call { action: "s3:DeleteObjectVersion".to_owned(), ..call },
        })
    }
}

/// An account nobody has: no policy names it, so only a pattern or a missing condition takes it in.
const NO_ACCOUNT: &str = "000000000000";

fn foreign_source() -> Text {
    Text::exact(format!("arn:none:none:none:{NO_ACCOUNT}:none"))
}

/// How `statements`, which allow `call`, let in more.
pub(super) fn laxities(statements: &[Statement], call: &Call) -> Vec<Laxity> {
    let lets_in = |laxity: &Laxity| {
        laxity.outsider(call).is_some_and(|outsider| decide(statements, &outsider) == Access::Allowed)
    };
    let mut found: Vec<Laxity> = Laxity::ALL.into_iter().filter(lets_in).collect();
    // Whoever lets in every service, or every account, need not be told the smaller one as well.
    let implied = [(Laxity::AnyService, Laxity::AnyRegion), (Laxity::AnyAccount, Laxity::AnySource)];
    for (whole, part) in implied {
        if found.contains(&whole) {
            found.retain(|laxity| *laxity != part);
        }
    }
    found
}

impl fmt::Display for Laxity {
    /// A clause: `any AWS service may do the same`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AnyService => "the principal is everyone, not the logs service",
            Self::AnyRegion => "the principal is the logs service of every Region",
            Self::AnyAccount => {
                "exports of any account are let in: neither aws:SourceAccount nor aws:SourceArn stops them"
            }
            Self::AnySource => "aws:SourceArn is not asked for",
            Self::AnyAcl => "s3:x-amz-acl is not asked for",
            Self::MoreActions => "more actions than the export needs are allowed",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::document::Document;
    use super::super::export::tests::export;
    use super::super::ruling::{Access, rule};
    use super::*;

    /// What is lax in puts by a policy of one statement, AWS's documented one but for the changes.
    fn lax(changes: &[(&str, &str)]) -> Vec<Laxity> {
        let documented = r#"{"Statement": {"Effect": "Allow", "Principal": {"Service": "logs.eu-central-1.amazonaws.com"},
            "Action": "s3:PutObject", "Resource": "arn:aws:s3:::acme-logs/*", "Condition": {
            "StringEquals": {"aws:SourceAccount": "123456789012", "s3:x-amz-acl": "bucket-owner-full-control"},
            "ArnLike": {"aws:SourceArn": "arn:aws:logs:eu-central-1:123456789012:log-group:*"}}}}"#;
        let text = changes.iter().fold(documented.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replace(from, to)
        });
        match rule(Some(&Document::parse(&text).unwrap()), &export()).put_object {
            Access::Allowed => Vec::new(),
            Access::Lax(lax) => lax,
            other => panic!("{text}: {other:?}"),
        }
    }

    const PRINCIPAL: &str = r#"{"Service": "logs.eu-central-1.amazonaws.com"}"#;
    const ACCOUNT: &str = r#""aws:SourceAccount": "123456789012", "#;
    const ARN: &str = r#""aws:SourceArn": "arn:aws:logs:eu-central-1:123456789012:log-group:*""#;
    const ACL: &str = r#", "s3:x-amz-acl": "bucket-owner-full-control""#;

    #[test]
    fn what_aws_documents_is_not_lax() {
        assert_eq!(lax(&[]), []);
        assert_eq!(lax(&[(ACCOUNT, "")]), [], "the ARN names the account as well");
    }

    #[test]
    fn whatever_is_left_out_is_told() {
        assert_eq!(lax(&[(ARN, "")]), [Laxity::AnySource]);
        assert_eq!(lax(&[(ACL, "")]), [Laxity::AnyAcl]);
        assert_eq!(lax(&[(ARN, ""), (ACCOUNT, "")]), [Laxity::AnyAccount]);
        assert_eq!(
            lax(&[(ARN, ""), ("\"123456789012\"", "\"*\""), ("StringEquals", "StringLike")]),
            [Laxity::AnyAccount]
        );
        assert_eq!(lax(&[("\"s3:PutObject\"", "\"s3:*\"")]), [Laxity::MoreActions]);
    }

    #[test]
    fn a_wider_principal_is_told_once() {
        assert_eq!(lax(&[(PRINCIPAL, r#"{"Service": "logs.amazonaws.com"}"#)]), [Laxity::AnyRegion]);
        assert_eq!(lax(&[(PRINCIPAL, "\"*\"")]), [Laxity::AnyService]);
        assert_eq!(lax(&[(PRINCIPAL, r#"{"AWS": "*"}"#)]), [Laxity::AnyService]);
    }
}
