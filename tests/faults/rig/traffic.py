"""VITAS: sends actions in order per case, each under one request id, again and again until it is acknowledged."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import aiohttp
import orjson

PIECE = 25
AGAIN_SECONDS = 0.2
AGAIN = (429, 503)
Action = dict[str, Any]
Numbered = tuple[str, Action]
"""(request id, action)"""


class Traffic:
    """Writers that share the cases out; half of them send single actions, half pieces by the bulk route.

    `receipts`: request id → receipt; `failures`: what was tried again, by reason; `refused`: answers that no repeat mends.
    """

    def __init__(self, address: str, token: str, actions: Sequence[Action], name: str, per_second: float) -> None:
        self.actions = [(f"{name}-{number}", action) for number, action in enumerate(actions)]
        self.receipts: dict[str, dict[str, Any]] = {}
        self.statuses: Counter[int] = Counter()
        self.failures: Counter[str] = Counter()
        self.refused: list[tuple[str, int, bytes]] = []
        self._address, self._headers = address, {"Authorization": f"Bearer {token}"}
        self._between, self._next = 1 / per_second, 0.0

    async def run(self, writers: int = 8) -> None:
        """Send everything; returns when all is acknowledged or refused."""
        shares: list[list[Numbered]] = [[] for _ in range(writers)]
        for numbered in self.actions:
            shares[int(numbered[1]["sagsId"][:8], 16) % writers].append(numbered)
        timeout = aiohttp.ClientTimeout(total=20)
        async with aiohttp.ClientSession(self._address, headers=self._headers, timeout=timeout) as http:
            await asyncio.gather(*((self._bulk if n % 2 else self._singles)(http, share) for n, share in enumerate(shares)))

    async def acknowledged(self, number: int) -> None:
        """Wait until so many are acknowledged."""
        while len(self.receipts) < number and len(self.receipts) + len(self.refused) < len(self.actions):
            await asyncio.sleep(0.02)

    async def _singles(self, http: aiohttp.ClientSession, share: Sequence[Numbered]) -> None:
        for request_id, action in share:
            await self._turn(1)
            while not await self._single(http, request_id, action):
                await asyncio.sleep(AGAIN_SECONDS)

    async def _single(self, http: aiohttp.ClientSession, request_id: str, action: Action) -> bool:
        headers = {"x-requestId": request_id, "Content-Type": "application/json"}
        try:
            async with http.post("/v1/handlinger", data=orjson.dumps(action), headers=headers) as answer:
                return self._took(request_id, answer.status, await answer.read())
        except (aiohttp.ClientError, TimeoutError, OSError) as problem:
            self.failures[type(problem).__name__] += 1
            return False

    async def _bulk(self, http: aiohttp.ClientSession, share: Sequence[Numbered]) -> None:
        for start in range(0, len(share), PIECE):
            left = list(share[start : start + PIECE])
            await self._turn(len(left))
            while left := await self._piece(http, left):
                await asyncio.sleep(AGAIN_SECONDS)

    async def _piece(self, http: aiohttp.ClientSession, piece: list[Numbered]) -> list[Numbered]:
        """Send a piece (one transaction at the door); what is left of it."""
        body = b"".join(orjson.dumps({**action, "requestId": request_id}) + b"\n" for request_id, action in piece)
        done: set[str] = set()
        try:
            async with http.post("/v1/handlinger/bulk", data=body, headers={"Content-Type": "application/x-ndjson"}) as answer:
                if answer.status != 200:
                    self._again_or_raise(answer.status, await answer.read())
                    return piece
                async for line in answer.content:
                    told = orjson.loads(line)
                    request_id = piece[told["linje"] - 1][0]
                    if self._took(request_id, told["status"], line):
                        done.add(request_id)
        except (aiohttp.ClientError, TimeoutError, OSError, orjson.JSONDecodeError) as problem:
            self.failures[type(problem).__name__] += 1
        return [numbered for numbered in piece if numbered[0] not in done]

    def _took(self, request_id: str, status: int, body: bytes) -> bool:
        """Judge an answer; False: send it again."""
        self.statuses[status] += 1
        if status in (201, 202):
            self.receipts[request_id] = orjson.loads(body)
            return True
        if status in AGAIN:
            self.failures[str(status)] += 1
            return False
        self.refused.append((request_id, status, body))
        return True

    def _again_or_raise(self, status: int, body: bytes) -> None:
        self.failures[str(status)] += 1
        assert status in AGAIN, f"the bulk route answered {status}: {body[:500]!r}"

    async def _turn(self, actions: int) -> None:
        """Wait for the next free moment of the wished rate."""
        now = time.monotonic()
        begin = max(now, self._next)
        self._next = begin + actions * self._between
        await asyncio.sleep(begin - now)
