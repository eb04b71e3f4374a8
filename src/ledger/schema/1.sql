-- Version 1 of the ledger. Instants are milliseconds since 1970-01-01T00:00:00Z, ids the 16 bytes of a UUID, and what
-- stands as JSON is what `domain` writes of itself.
--
-- A task's state: 0 queued, 1 launching, 2 pending, 3 running, 4 cancelling, 5 completed, 6 failed, 7 cancelled.

-- Raised by every transaction that changes something, and stamped on the rows it touched: what has changed since is then
-- a range of an index.
CREATE TABLE counter (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    revision INTEGER NOT NULL
) STRICT;
INSERT INTO counter VALUES (1, 0);

CREATE TABLE lanes (
    seq          INTEGER PRIMARY KEY,
    account      TEXT NOT NULL,
    region       TEXT NOT NULL,
    endpoint     TEXT,
    profile      TEXT,
    paused       INTEGER NOT NULL DEFAULT 0,
    -- The lease: who drives it, and until when unless it is renewed.
    driver       BLOB,
    driver_label TEXT,
    until        INTEGER,
    -- The lowest and the highest place ever given to a task here: no two tasks of a lane ever have the same.
    low          INTEGER NOT NULL DEFAULT 1,
    high         INTEGER NOT NULL DEFAULT 0,
    revision     INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX lanes_by_name ON lanes (account, region, ifnull(endpoint, ''));
CREATE INDEX lanes_driven ON lanes (driver) WHERE driver IS NOT NULL;

CREATE TABLE plans (
    seq           INTEGER PRIMARY KEY,
    id            BLOB NOT NULL UNIQUE,
    lane          INTEGER NOT NULL REFERENCES lanes (seq),
    queued_at     INTEGER NOT NULL,
    name          TEXT,
    range_from    INTEGER NOT NULL,
    range_to      INTEGER NOT NULL,
    split         TEXT NOT NULL,
    zone          TEXT NOT NULL,
    bucket        TEXT NOT NULL,
    template      TEXT,
    stream_prefix TEXT,
    label         TEXT,
    log_groups    INTEGER NOT NULL,
    pause         TEXT, -- JSON
    -- How many of its tasks failed in a row for one cause, and which.
    strikes       INTEGER NOT NULL DEFAULT 0,
    strike_cause  TEXT,
    -- How many tasks stand where, and what they landed: whoever writes a task keeps these right.
    queued        INTEGER NOT NULL,
    active        INTEGER NOT NULL DEFAULT 0,
    completed     INTEGER NOT NULL DEFAULT 0,
    empty         INTEGER NOT NULL DEFAULT 0,
    failed        INTEGER NOT NULL DEFAULT 0,
    cancelled     INTEGER NOT NULL DEFAULT 0,
    objects       INTEGER NOT NULL DEFAULT 0,
    bytes         INTEGER NOT NULL DEFAULT 0,
    revision      INTEGER NOT NULL
) STRICT;
CREATE INDEX plans_by_revision ON plans (revision);
CREATE INDEX plans_by_name ON plans (name) WHERE name IS NOT NULL;
CREATE INDEX plans_open ON plans (seq) WHERE queued + active > 0;
CREATE INDEX plans_to_launch ON plans (lane) WHERE queued > 0 AND pause IS NULL;

-- A filter by a part of a name looks through these few instead of a million tasks.
CREATE TABLE log_groups (
    seq     INTEGER PRIMARY KEY,
    name    TEXT NOT NULL UNIQUE,
    -- The span of its longest window: no window that reaches into a range begins earlier than this before it.
    longest INTEGER NOT NULL
) STRICT;

CREATE TABLE tasks (
    seq           INTEGER PRIMARY KEY,
    id            BLOB NOT NULL UNIQUE,
    plan          INTEGER NOT NULL REFERENCES plans (seq),
    lane          INTEGER NOT NULL REFERENCES lanes (seq),
    log_group     INTEGER NOT NULL REFERENCES log_groups (seq),
    window_from   INTEGER NOT NULL,
    window_to     INTEGER NOT NULL,
    bucket        TEXT NOT NULL,
    prefix        TEXT,
    stream_prefix TEXT,
    label         TEXT,
    state         INTEGER NOT NULL,
    place         INTEGER NOT NULL,
    wait          TEXT, -- JSON
    attempt       INTEGER NOT NULL,
    doubt         INTEGER,
    remote        TEXT,
    objects       INTEGER NOT NULL,
    bytes         INTEGER NOT NULL,
    counted       INTEGER NOT NULL,
    problem       TEXT, -- JSON
    uncounted     TEXT, -- JSON
    queued        INTEGER NOT NULL,
    accepted      INTEGER,
    ended         INTEGER,
    revision      INTEGER NOT NULL
) STRICT;
CREATE INDEX tasks_by_revision ON tasks (revision);
CREATE INDEX tasks_in_line ON tasks (lane, place) WHERE state = 0;
CREATE INDEX tasks_in_line_by_plan ON tasks (plan, place) WHERE state = 0;
CREATE INDEX tasks_at_work ON tasks (lane) WHERE state IN (1, 2, 3, 4);
CREATE INDEX tasks_ended ON tasks (ended) WHERE ended IS NOT NULL;
CREATE INDEX tasks_completed ON tasks (lane, ended) WHERE state = 5;
CREATE INDEX tasks_empty ON tasks (state) WHERE state = 5 AND counted = 1 AND objects = 0;
CREATE INDEX tasks_by_state ON tasks (state);
CREATE INDEX tasks_of_plan ON tasks (plan, state);
CREATE INDEX tasks_of_group ON tasks (log_group, window_from, window_to);

-- Timelines, without their first line: it says "queued", and when is in `tasks`.
CREATE TABLE moments (
    task   INTEGER NOT NULL REFERENCES tasks (seq),
    n      INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    state  INTEGER NOT NULL,
    remark TEXT NOT NULL,
    PRIMARY KEY (task, n)
) STRICT, WITHOUT ROWID;

-- What tasks went through of late, for faces to tell: also what timelines do not keep. Old ones are dropped.
CREATE TABLE moves (
    seq    INTEGER PRIMARY KEY,
    task   INTEGER NOT NULL REFERENCES tasks (seq),
    before INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    state  INTEGER NOT NULL,
    remark TEXT NOT NULL
) STRICT;
