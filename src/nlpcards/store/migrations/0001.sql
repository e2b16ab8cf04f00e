-- Version 1 of the journal's file.
--
-- `device`, `card`, `event` and `installation` are precious. `undone`, `renamed` and `card_state` are caches: whatever is in
-- them can be computed again from the events, and `nlpcards doctor` does so.

-- Texts that events name again and again, each stored once: integer keys make the file a third as large.
CREATE TABLE device (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE CHECK (name <> '')
) STRICT;

CREATE TABLE card (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE CHECK (name <> '')
) STRICT;

-- One row an event, never changed. `kind`:
--   1 review     card, rating 1-4, duration_ms, due (study day; NULL where a learning step follows), repetition, after,
--                content, payload (the reply as JSON, NULL for none)
--   2 suspend    card
--   3 unsuspend  card
--   4 bury       card, due (the study day until which it rests)
--   5 flag       card, flag (0-7)
--   6 reset      card
--   7 set due    card, due (study day)
--   8 changed    card, content: its meaning is another
--   9 undo       target_device and target_seq
--  10 setting    subject, payload (JSON)
--  11 alias      card, payload (its former name)
--  12 seen       subject (the note), content, payload (Anki's modification time, seconds since 1970 UTC)
--  13 own note   card, payload (the text, empty to take it away)
--  14 report     card, payload (why the card is wrong), content
--  15 resolve    card
--  16 tag        card, payload (a tag of the learner's own)
--  17 untag      card, payload (the tag)
-- `at_ms` is milliseconds since 1970-01-01 UTC, `day` the study day in days since then, `hlc` the hybrid logical clock. The
-- bounds on days and times keep every one of them a date that can be shown and scheduled from.
CREATE TABLE event (
  device INTEGER NOT NULL REFERENCES device (id),
  seq INTEGER NOT NULL CHECK (seq > 0),
  hlc INTEGER NOT NULL CHECK (hlc BETWEEN 0 AND 0x4000000000000000),
  at_ms INTEGER NOT NULL CHECK (at_ms BETWEEN -0x400000000000 AND 0x400000000000),
  day INTEGER NOT NULL CHECK (day BETWEEN -500000 AND 1000000),
  kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 17),
  card INTEGER REFERENCES card (id),
  rating INTEGER CHECK (rating BETWEEN 1 AND 4),
  duration_ms INTEGER,
  due INTEGER CHECK (due BETWEEN -500000 AND 2000000),
  repetition INTEGER CHECK (repetition >= 0),
  after INTEGER CHECK (after BETWEEN 0 AND 0xFFFFFFFF),
  content TEXT,
  subject TEXT,
  target_device INTEGER REFERENCES device (id),
  target_seq INTEGER,
  batch INTEGER NOT NULL DEFAULT 0,
  payload TEXT,
  flag INTEGER CHECK (flag BETWEEN 0 AND 7),
  PRIMARY KEY (device, seq),
  CHECK ((card IS NOT NULL) = (kind < 9 OR kind = 11 OR kind >= 13)),
  CHECK ((rating IS NOT NULL) = (kind = 1)),
  CHECK ((duration_ms IS NOT NULL) = (kind = 1)),
  CHECK ((repetition IS NOT NULL) = (kind = 1)),
  CHECK ((after IS NOT NULL) = (kind = 1)),
  CHECK (kind = 1 OR (due IS NOT NULL) = (kind IN (4, 7))),
  CHECK ((target_device IS NOT NULL) = (kind = 9)),
  CHECK ((target_seq IS NOT NULL) = (kind = 9)),
  CHECK ((subject IS NOT NULL) = (kind IN (10, 12))),
  CHECK (kind = 1 OR (payload IS NOT NULL) = (kind IN (10, 11, 12, 13, 14, 16, 17))),
  CHECK (kind <> 1 OR payload <> ''),
  CHECK ((flag IS NOT NULL) = (kind = 5))
) STRICT, WITHOUT ROWID;

-- All that a card's fold reads, in its order, so that a fold never touches the table. A flag has a column of its own, lest
-- the replies, which no fold reads, be kept here a second time.
CREATE INDEX event_fold ON event (
  card, hlc, device, seq, kind, at_ms, day, rating, due, repetition, after, content, flag
) WHERE kind < 9;

-- Events that are not folded into a card's state: undos, settings and aliases, by which others are read, sights of notes, and
-- what a learner says of cards.
CREATE INDEX event_shaping ON event (kind, hlc) WHERE kind >= 9;

-- What a learner says of one card.
CREATE INDEX event_remark ON event (card, hlc) WHERE kind >= 13;

CREATE INDEX event_target ON event (target_device, target_seq) WHERE target_seq IS NOT NULL;

CREATE INDEX event_day ON event (day);

CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;

CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;

CREATE TRIGGER device_is_never_changed BEFORE UPDATE ON device
BEGIN SELECT RAISE(ABORT, 'a device is never changed'); END;

CREATE TRIGGER device_is_never_deleted BEFORE DELETE ON device
BEGIN SELECT RAISE(ABORT, 'a device is never deleted'); END;

CREATE TRIGGER card_is_never_changed BEFORE UPDATE ON card
BEGIN SELECT RAISE(ABORT, 'a card id is never changed'); END;

CREATE TRIGGER card_is_never_deleted BEFORE DELETE ON card
BEGIN SELECT RAISE(ABORT, 'a card id is never deleted'); END;

-- Which device this file is, since when (ms), and where it lay then: a file found elsewhere is a copy and becomes another
-- device, lest two files number their events alike. `seen_hlc` is the highest clock among events that this device did not
-- write itself.
CREATE TABLE installation (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  device INTEGER NOT NULL REFERENCES device (id),
  since_ms INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  seen_hlc INTEGER NOT NULL
) STRICT;

-- Cache: events that do not count, because an undo that counts took them out.
CREATE TABLE undone (
  device INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (device, seq)
) STRICT, WITHOUT ROWID;

-- Cache: the present card of each former card id, chains of renames followed.
CREATE TABLE renamed (
  former INTEGER PRIMARY KEY REFERENCES card (id),
  present INTEGER NOT NULL REFERENCES card (id)
) STRICT;

CREATE INDEX renamed_present ON renamed (present);

-- Cache: what the fold gives for each card that has an event that counts. `phase` is FSRS's: 0 new, 1 learning, 2 review,
-- 3 relearning. `due` is a study day (phase 2), `due_ms` an instant (phases 1 and 3).
CREATE TABLE card_state (
  card INTEGER PRIMARY KEY REFERENCES card (id),
  phase INTEGER NOT NULL CHECK (phase BETWEEN 0 AND 3),
  step INTEGER,
  stability REAL,
  difficulty REAL,
  due INTEGER,
  due_ms INTEGER,
  last_day INTEGER,
  reps INTEGER NOT NULL,
  lapses INTEGER NOT NULL,
  suspended INTEGER NOT NULL,
  buried_until INTEGER NOT NULL,
  flag INTEGER NOT NULL,
  first_day INTEGER,
  content TEXT NOT NULL,
  chain INTEGER NOT NULL
) STRICT;

CREATE INDEX card_state_due ON card_state (due) WHERE due IS NOT NULL;
CREATE INDEX card_state_due_ms ON card_state (due_ms) WHERE due_ms IS NOT NULL;
CREATE INDEX card_state_last_day ON card_state (last_day) WHERE last_day IS NOT NULL;
