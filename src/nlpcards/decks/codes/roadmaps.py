"""Problems of a roadmap file, and of decks that name what the roadmap does not have."""

from nlpcards.decks.codes.model import Code

_AREAS = "areas:\n  - id: neural\n    title: Neural networks\n"
_RNN = "  - id: rnn\n    title: Recurrent networks\n    area: neural\n"
_TOPICS = f"{_AREAS}topics:\n{_RNN}"
_LSTM = f"{_TOPICS}  - id: lstm\n    title: LSTM\n    area: neural\n"
_TRACK = "tracks:\n  - id: first\n    title: First\n    about: A first way.\n"
_STAGES = f"{_TRACK}    stages:\n"
_STAGE = "      - id: one\n        title: One\n"
_CALENDAR = f"{_TRACK}    pacing: calendar\n    stages:\n{_STAGE}"
_TWO = "      - id: two\n        title: Two\n"


def _code(code: str, title: str, why: str, bad: str, good: str, *, is_advice: bool = False) -> Code:
    return Code(code, title, why, bad, good, whole=True, is_advice=is_advice, of_roadmap=True)


CODES = (
    _code(
        "R001",
        "not a roadmap",
        "A file named `roadmap.yaml` holds a roadmap: a mapping with `topics`, `tracks` or both. A deck under this "
        "name would not be found among the decks.",
        "deck: example\ntitle: An example\nnotes:\n  - q: What is it?\n    a: This.\n",
        f"title: An example\n{_TOPICS}",
    ),
    _code(
        "R002",
        "a key that roadmaps or their entries do not have",
        "A misspelt key would be ignored, and with it what stands below it.",
        f"{_TOPICS}    neds: []\n",
        f"{_TOPICS}    needs: []\n",
    ),
    _code(
        "R003",
        "something that is not a list of entries",
        "Each area, topic, resource, milestone, track and stage is an entry with a dash and keys of its own.",
        "areas: neural\n",
        _AREAS,
    ),
    _code(
        "R004",
        "an entry without a key that it needs",
        "Without an id nothing can name it, and without a title a learner would see the bare id.",
        "areas:\n  - id: neural\n",
        _AREAS,
    ),
    _code(
        "R005",
        "an id that stands twice in one list",
        "Only one of the two can be meant where it is named. In another file it is no mistake: there it takes the "
        "place of the earlier one.",
        f"{_TOPICS}{_RNN}",
        f"{_LSTM}",
    ),
    _code(
        "R006",
        "a name of something that does not exist",
        "A track that names it would lead nowhere there, and a prerequisite that is not there would count as met.",
        f"{_TOPICS}    needs: [rnm]\n",
        f"{_TOPICS}    needs: []\n",
    ),
    _code(
        "R007",
        "a word that this key does not take",
        "Kinds and pacings are few and known by name, since the program treats each in its own way.",
        f"{_CALENDAR}        weeks: 1\n".replace("calendar", "weekly"),
        f"{_CALENDAR}        weeks: 1\n",
    ),
    _code(
        "R008",
        "topics that need each other in a circle",
        "Each would wait for the others, so none would ever open.",
        f"{_LSTM}    needs: [rnn]\n".replace(_RNN, f"{_RNN}    needs: [lstm]\n"),
        f"{_LSTM}    needs: [rnn]\n",
    ),
    _code(
        "R009",
        "something that is not a stretch of weeks",
        "Weeks count from 1, and a stretch of them has its first week before its last.",
        f"{_CALENDAR}        weeks: 4-1\n",
        f"{_CALENDAR}        weeks: 1-4\n",
    ),
    _code(
        "R010",
        "a week of two stages",
        "A calendar says of each week what belongs to it, so its stages follow each other.",
        f"{_CALENDAR}        weeks: 1-4\n{_TWO}        weeks: 4-5\n",
        f"{_CALENDAR}        weeks: 1-4\n{_TWO}        weeks: 5\n",
    ),
    _code(
        "R011",
        "a stage of a calendar without weeks",
        "Nobody could say when it is its turn.",
        _CALENDAR,
        f"{_CALENDAR}        weeks: 1-4\n",
    ),
    _code(
        "R012",
        "a track without stages",
        "A track is nothing but its stages.",
        _TRACK,
        f"{_STAGES}{_STAGE}",
    ),
    _code(
        "R020",
        "a topic before what it needs",
        "New cards wait until what their topic needs is known, so the track would stand still there.",
        f"{_LSTM}    needs: [rnn]\n{_STAGES}{_STAGE}        topics: [lstm, rnn]\n",
        f"{_LSTM}    needs: [rnn]\n{_STAGES}{_STAGE}        topics: [rnn, lstm]\n",
        is_advice=True,
    ),
    _code(
        "R021",
        "a resource or a milestone that no stage names",
        "Learners come upon it in the stages of their track, and there it is not.",
        f"{_STAGES}{_STAGE}        topics: []\nmilestones:\n  - {{id: demo, title: A demo, kind: project}}\n",
        f"{_STAGES}{_STAGE}        milestones: [demo]\nmilestones:\n  - {{id: demo, title: A demo, kind: project}}\n",
        is_advice=True,
    ),
    _code(
        "R022",
        "weeks in a track that is no calendar",
        "They count only where `pacing: calendar` says so.",
        f"{_STAGES}{_STAGE}        weeks: 1\n",
        f"{_CALENDAR}        weeks: 1\n",
        is_advice=True,
    ),
    _code(
        "R023",
        "an empty stage",
        "There is nothing to learn and nothing to do in it, so it is done at once.",
        f"{_STAGES}{_STAGE}",
        f"{_TOPICS}{_STAGES}{_STAGE}        topics: [rnn]\n",
        is_advice=True,
    ),
    _code(
        "R024",
        "an id that stands twice in one entry",
        "It is learned or done once, where it comes first.",
        f"{_TOPICS}{_STAGES}{_STAGE}        topics: [rnn, rnn]\n",
        f"{_TOPICS}{_STAGES}{_STAGE}        topics: [rnn]\n",
        is_advice=True,
    ),
    Code(
        "R030",
        "a deck or a note whose topic is not in the roadmap",
        "No track leads to its cards. A topic of your own is no mistake: this is said only where the name is almost "
        "one of the roadmap's, or where a roadmap of your own lies in the deck's folder.",
        mend="Mend the name, or add the topic to your roadmap.",
        is_advice=True,
    ),
    Code(
        "R031",
        "a note with a concept that its topic does not have",
        "What a topic lets one recall is counted by its concepts, and this one is counted nowhere.",
        mend="Mend the slug under `concepts`, or add it to the topic in the roadmap.",
        is_advice=True,
    ),
)
"""Codes R001 to R031."""
