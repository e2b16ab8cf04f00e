-- Version 2 of the journal's file: events of kind
--  18 mark       subject (such as `track` or `milestone:ID`), payload (JSON)
--
-- What a table's rows may hold is fixed when it is made, so the events move to a new one. Dropping a table fires none of its
-- triggers, and takes them and its indices along.

CREATE TABLE event_of_2 (
  device INTEGER NOT NULL REFERENCES device (id),
  seq INTEGER NOT NULL CHECK (seq > 0),
  hlc INTEGER NOT NULL CHECK (hlc BETWEEN 0 AND 0x4000000000000000),
  at_ms INTEGER NOT NULL CHECK (at_ms BETWEEN -0x400000000000 AND 0x400000000000),
  day INTEGER NOT NULL CHECK (day BETWEEN -500000 AND 1000000),
  kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 18),
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
  CHECK ((card IS NOT NULL) = (kind < 9 OR kind = 11 OR kind BETWEEN 13 AND 17)),
  CHECK ((rating IS NOT NULL) = (kind = 1)),
  CHECK ((duration_ms IS NOT NULL) = (kind = 1)),
  CHECK ((repetition IS NOT NULL) = (kind = 1)),
  CHECK ((after IS NOT NULL) = (kind = 1)),
  CHECK (kind = 1 OR (due IS NOT NULL) = (kind IN (4, 7))),
  CHECK ((target_device IS NOT NULL) = (kind = 9)),
  CHECK ((target_seq IS NOT NULL) = (kind = 9)),
  CHECK ((subject IS NOT NULL) = (kind IN (10, 12, 18))),
  CHECK (kind = 1 OR (payload IS NOT NULL) = (kind IN (10, 11, 12, 13, 14, 16, 17, 18))),
  CHECK (kind <> 1 OR payload <> ''),
  CHECK ((flag IS NOT NULL) = (kind = 5))
) STRICT, WITHOUT ROWID;

INSERT INTO event_of_2 SELECT * FROM event;

DROP TABLE event;

ALTER TABLE event_of_2 RENAME TO event;

-- All that a card's fold reads, in its order, so that a fold never touches the table. A flag has a column of its own, lest
-- the replies, which no fold reads, be kept here a second time.
CREATE INDEX event_fold ON event (
  card, hlc, device, seq, kind, at_ms, day, rating, due, repetition, after, content, flag
) WHERE kind < 9;

-- Events that are not folded into a card's state: undos, settings and aliases, by which others are read, sights of notes, and
-- what a learner says of cards.
CREATE INDEX event_shaping ON event (kind, hlc) WHERE kind >= 9;

-- What a learner says of one card.
CREATE INDEX event_remark ON event (card, hlc) WHERE kind >= 13 AND kind < 18;

CREATE INDEX event_target ON event (target_device, target_seq) WHERE target_seq IS NOT NULL;

CREATE INDEX event_day ON event (day);

CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;

CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;
