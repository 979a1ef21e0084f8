"""A socket whose whole exchange ends by a deadline and brings no more than so many bytes.

A socket's own time-out starts again with every byte, so a gateway that drips could hold a
caller for hours. This one asks the clock before each read, and counts what it read.
"""

from __future__ import annotations

import io
import socket
import time
from typing import TYPE_CHECKING

from escott.gateway.errors import AnswerLost
from escott.gateway.reasons import UnknownReason

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class BoundedSocket:
    """What ``http.client`` needs of a socket, within bounds.

    The deadline runs from the moment this is made. Closing is left to the owner of the
    socket inside, for ``http.client`` closes early, while the answer is still being read.
    """

    def __init__(self, sock: socket.socket, *, seconds: float, most_bytes: int) -> None:
        self._sock = sock
        self._ends = time.monotonic() + seconds
        self._most_bytes = most_bytes

    def sendall(self, data: bytes) -> None:
        self._sock.settimeout(self.seconds_left())
        self._sock.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_BoundedReader(self, self._sock, self._most_bytes))

    def seconds_left(self) -> float:
        """Time until the deadline.

        Raises:
            TimeoutError: it has passed.
        """
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        return left

    def settimeout(self, seconds: object) -> None:
        """Nothing: the deadline rules."""

    def close(self) -> None:
        """Nothing: the owner closes."""


class _BoundedReader(io.RawIOBase):
    def __init__(self, bounds: BoundedSocket, sock: socket.socket, most_bytes: int) -> None:
        self._bounds = bounds
        self._sock = sock
        self._bytes_left = most_bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        self._sock.settimeout(self._bounds.seconds_left())
        count = self._sock.recv_into(buffer)
        self._bytes_left -= count
        if self._bytes_left < 0:
            raise AnswerLost(UnknownReason.TOO_LARGE, "the answer is too large to be one")
        return count
