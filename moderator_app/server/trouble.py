"""What can keep the server from starting, said in one sentence."""

from __future__ import annotations


class ServeTrouble(Exception):
    """The server cannot start; `sentence` tells people what is wrong and what to do."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)
