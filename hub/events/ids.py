"""Event ids: UUIDs of version 7 (RFC 9562), so that they sort by the time they were made and sit together in every index."""

import os
import time


def nyt_id() -> str:
    """A new id, lower case: 48 bits of Unix milliseconds, then 74 random bits."""
    ms = time.time_ns() // 1_000_000
    tilfaeldig = int.from_bytes(os.urandom(10))
    oeverst = ms << 16 | 0x7000 | tilfaeldig >> 68
    nederst = 0x8000_0000_0000_0000 | tilfaeldig & 0x3FFF_FFFF_FFFF_FFFF
    tekst = f"{oeverst << 64 | nederst:032x}"
    return f"{tekst[:8]}-{tekst[8:12]}-{tekst[12:16]}-{tekst[16:20]}-{tekst[20:]}"
