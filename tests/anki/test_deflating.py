"""What is compressed in blocks on several processors is an ordinary stream, and always the same."""

from __future__ import annotations

import zlib
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given, settings
from hypothesis import strategies as st

from nlpcards.anki.deflating import Deflating

PORTIONS = st.lists(
    st.one_of(
        st.binary(max_size=200),
        st.tuples(st.binary(min_size=1, max_size=20), st.integers(1, 4_000)).map(lambda drawn: drawn[0] * drawn[1]),
    ),
    max_size=6,
)


def compressed(portions: list[bytes], threads: int, block: int) -> bytes:
    with ThreadPoolExecutor(threads) as pool:
        stream = Deflating(pool, threads, 2, block)
        return b"".join([*map(stream.compress, portions), stream.flush()])


@settings(max_examples=60)
@given(PORTIONS, st.sampled_from([100, 1_000, 40_000]))
def test_a_stream_of_blocks_unpacks_to_what_was_packed(portions: list[bytes], block: int) -> None:
    whole = b"".join(portions)
    one, three = compressed(portions, 1, block), compressed([whole], 3, block)
    assert one == three
    unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
    assert unpacking.decompress(one) + unpacking.flush() == whole
    assert unpacking.eof
    assert not unpacking.unused_data


def test_a_block_points_back_into_the_one_before() -> None:
    line = bytes(range(256)) * 8
    assert len(compressed([line * 40], 2, len(line))) < len(compressed([line], 1, len(line))) + 40 * 60
