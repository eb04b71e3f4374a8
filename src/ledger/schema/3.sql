-- Version 3: who moves the bytes of a plan's tasks, as JSON of `domain::engine::Engine`.
ALTER TABLE plans ADD COLUMN engine TEXT NOT NULL DEFAULT '"managed"';

-- How far reading and writing of a direct export have come, for people: JSON.
ALTER TABLE tasks ADD COLUMN headway TEXT;

-- What of a direct export is durable, and where reading goes on: JSON. It is kept for another attempt, and goes when the
-- task has completed.
CREATE TABLE checkpoints (
    task  INTEGER PRIMARY KEY REFERENCES tasks (seq),
    value TEXT NOT NULL
) STRICT;
