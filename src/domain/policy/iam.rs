//! The least IAM policy of whoever runs this program, feature by feature, as data.

use serde::Serialize;

use crate::domain::partition::Partition;

/// Something a person may want to do, and so may need rights for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feature {
    /// Look at log groups, buckets and past exports.
    Browse,
    /// Have log groups exported, and count what lands.
    Export,
    /// Cancel exports.
    Cancel,
    /// Have every check made before an export. Whatever is left out of it shows as "could not check".
    Preflight,
    /// Have the probe object written and removed again.
    Probe,
    /// Create buckets, change their policies and lifecycle rules.
    FixBuckets,
    /// Read back what has landed, and write a manifest beside it.
    Verify,
}

/// What an action is allowed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    Everything,
    Bucket,
    Objects,
}

impl Feature {
    /// Every feature, from looking to changing.
    pub const ALL: [Self; 7] =
        [Self::Browse, Self::Export, Self::Cancel, Self::Preflight, Self::Probe, Self::FixBuckets, Self::Verify];

    /// The feature's name on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Browse => "browse",
            Self::Export => "export",
            Self::Cancel => "cancel",
            Self::Preflight => "preflight",
            Self::Probe => "probe",
            Self::FixBuckets => "fix-buckets",
            Self::Verify => "verify",
        }
    }

    /// What it takes (service authorization reference of CloudWatch Logs and S3: the action each call asks for).
    const fn rights(self) -> &'static [(Scope, &'static [&'static str])] {
        match self {
            Self::Browse => &[
                (
                    Scope::Everything,
                    &[
                        "logs:DescribeExportTasks",
                        "logs:DescribeLogGroups",
                        "logs:ListLogGroups",
                        "s3:ListAllMyBuckets",
                    ],
                ),
                (
                    Scope::Bucket,
                    &[
                        "s3:GetBucketLocation",
                        "s3:GetBucketPolicy",
                        "s3:GetEncryptionConfiguration",
                        "s3:GetLifecycleConfiguration",
                    ],
                ),
            ],
            Self::Export => &[
                (Scope::Everything, &["logs:CreateExportTask", "logs:DescribeExportTasks", "logs:DescribeLogGroups"]),
                (Scope::Bucket, &["s3:ListBucket"]),
                // Not for this program: since 2019 the service checks that the caller may put objects himself.
                (Scope::Objects, &["s3:PutObject"]),
            ],
            Self::Cancel => &[(Scope::Everything, &["logs:CancelExportTask", "logs:DescribeExportTasks"])],
            Self::Preflight => &[
                (Scope::Everything, &["logs:DescribeExportTasks", "logs:DescribeLogGroups", "logs:FilterLogEvents"]),
                (
                    Scope::Bucket,
                    &[
                        "s3:GetBucketLocation",
                        "s3:GetBucketObjectLockConfiguration",
                        "s3:GetBucketOwnershipControls",
                        "s3:GetBucketPolicy",
                        "s3:GetBucketPublicAccessBlock",
                        "s3:GetBucketRequestPayment",
                        "s3:GetBucketVersioning",
                        "s3:GetEncryptionConfiguration",
                        "s3:ListBucket",
                    ],
                ),
            ],
            Self::Probe => &[(Scope::Objects, &["s3:DeleteObject", "s3:PutObject"])],
            Self::Verify => &[
                (Scope::Bucket, &["s3:GetBucketLocation", "s3:ListBucket"]),
                (Scope::Objects, &["s3:GetObject", "s3:PutObject"]),
            ],
            Self::FixBuckets => &[(
                Scope::Bucket,
                &[
                    "s3:CreateBucket",
                    "s3:DeleteBucketPolicy",
                    "s3:GetBucketLocation",
                    "s3:GetBucketOwnershipControls",
                    "s3:GetBucketPolicy",
                    "s3:GetBucketPublicAccessBlock",
                    "s3:GetBucketVersioning",
                    "s3:GetEncryptionConfiguration",
                    "s3:GetLifecycleConfiguration",
                    "s3:ListBucket",
                    "s3:PutBucketOwnershipControls",
                    "s3:PutBucketPolicy",
                    "s3:PutBucketPublicAccessBlock",
                    "s3:PutBucketVersioning",
                    "s3:PutEncryptionConfiguration",
                    "s3:PutLifecycleConfiguration",
                ],
            )],
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct IamPolicy {
    version: &'static str,
    statement: Vec<IamStatement>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct IamStatement {
    effect: &'static str,
    action: Vec<&'static str>,
    resource: String,
}

/// The least IAM policy for `features`, for people. `bucket` is a name, a pattern, or a word to be replaced.
pub fn iam_policy(features: &[Feature], partition: Partition, bucket: &str) -> String {
    let arn = partition.bucket_arn(bucket);
    let scopes = [(Scope::Everything, "*".to_owned()), (Scope::Bucket, arn.clone()), (Scope::Objects, arn + "/*")];
    let statement = scopes.into_iter().filter_map(|(scope, resource)| statement(features, scope, resource)).collect();
    let policy = IamPolicy { version: "2012-10-17", statement };
    // Texts in lists: nothing of this can fail to be written.
    serde_json::to_string_pretty(&policy).unwrap_or_default()
}

fn statement(features: &[Feature], scope: Scope, resource: String) -> Option<IamStatement> {
    let rights = features.iter().flat_map(|feature| feature.rights());
    let mut action: Vec<&str> =
        rights.filter(|(of, _)| *of == scope).flat_map(|(_, actions)| actions.iter().copied()).collect();
    action.sort_unstable();
    action.dedup();
    (!action.is_empty()).then_some(IamStatement { effect: "Allow", action, resource })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::place::Region;

    fn policy(features: &[Feature]) -> String {
        iam_policy(features, Partition::of(&Region("eu-central-1".to_owned())), "acme-logs")
    }

    #[test]
    fn features_share_statements_by_what_they_are_allowed_on() {
        let expected = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": [
        "logs:CancelExportTask",
        "logs:CreateExportTask",
        "logs:DescribeExportTasks",
        "logs:DescribeLogGroups"
      ],
      "Resource": "*"
    },
    {
      "Effect": "Allow",
      "Action": [
        "s3:ListBucket"
      ],
      "Resource": "arn:aws:s3:::acme-logs"
    },
    {
      "Effect": "Allow",
      "Action": [
        "s3:PutObject"
      ],
      "Resource": "arn:aws:s3:::acme-logs/*"
    }
  ]
}"#;
        assert_eq!(policy(&[Feature::Export, Feature::Cancel]), expected);
    }

    #[test]
    fn looking_allows_no_change() {
        let text = policy(&[Feature::Browse, Feature::Preflight]);
        for word in ["Put", "Create", "Delete", "Cancel"] {
            assert!(!text.contains(word), "{word} in {text}");
        }
    }

    #[test]
    fn a_feature_s_rights_are_sorted_and_not_empty() {
        for feature in Feature::ALL {
            assert!(!feature.rights().is_empty());
            assert!(feature.rights().iter().all(|(_, actions)| actions.is_sorted()), "{feature:?}");
        }
    }
}
