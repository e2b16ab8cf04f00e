-- Version 3 of the journal's file: which cards' states changed lately, so that what was worked out of all states need only
-- look at those again.

-- Cache: the last changes of `card_state`, whoever made them. `number` counts up; `token` is another in each file, by which a
-- file that was put in the place of this one shows even where it has as many changes. It is never empty.
CREATE TABLE state_change (
  number INTEGER PRIMARY KEY,
  card INTEGER NOT NULL,
  token INTEGER NOT NULL DEFAULT (random())
) STRICT;

INSERT INTO state_change (card) VALUES (0);

CREATE TRIGGER card_state_is_new AFTER INSERT ON card_state
BEGIN INSERT INTO state_change (card) VALUES (NEW.card); END;

CREATE TRIGGER card_state_is_changed AFTER UPDATE ON card_state
BEGIN INSERT INTO state_change (card) VALUES (NEW.card); END;

CREATE TRIGGER card_state_is_gone AFTER DELETE ON card_state
BEGIN INSERT INTO state_change (card) VALUES (OLD.card); END;

-- A few thousand are kept: a day's answers, not a merge's.
CREATE TRIGGER state_changes_are_few AFTER INSERT ON state_change
BEGIN DELETE FROM state_change WHERE number <= NEW.number - 8192; END;
