-- Version 2: what a person chose of the checks before each launch, as `domain::preflight::Preflight` says it.
ALTER TABLE plans ADD COLUMN preflight TEXT NOT NULL DEFAULT 'full';
