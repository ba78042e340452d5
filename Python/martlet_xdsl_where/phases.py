"""Times the phases of xdsl-opt: parse, verify, each pass, each pattern, print.

The methods that are the borders of phases are wrapped while a run lasts; nothing is traced inside of
them, so that shares are those of an ordinary run.
"""

from __future__ import annotations

import contextlib
import functools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Entry:
    """Sums of one phase."""

    calls: int = 0
    seconds: float = 0.0
    own: float = 0.0
    applied: int = 0


@dataclass
class Phases:
    """What a run spent where, by kind (parse, verify, pass, pattern, print) and name."""

    entries: dict[tuple[str, str], Entry] = field(default_factory=dict)
    wall: float = 0.0
    is_verifying: bool = False
    _stack: list[float] = field(default_factory=list)

    def entry(self, kind: str, name: str) -> Entry:
        return self.entries.setdefault((kind, name), Entry())

    def call(self, kind: str, name: str, function: Callable[..., Any], *arguments: Any, **named: Any):
        """Calls a function as a span of a phase."""
        self._stack.append(0.0)
        start = time.perf_counter()
        try:
            return function(*arguments, **named)
        finally:
            spent = time.perf_counter() - start
            inner = self._stack.pop()
            entry = self.entry(kind, name)
            entry.calls += 1
            entry.seconds += spent
            entry.own += spent - inner
            if self._stack:
                self._stack[-1] += spent

    def share(self, *kinds: str) -> float:
        """The part of the whole that was spent in spans of these kinds themselves."""
        if self.wall <= 0:
            return 0.0
        return sum(e.own for (kind, _), e in self.entries.items() if kind in kinds) / self.wall


@contextlib.contextmanager
def replaced(owner: Any, name: str, make: Callable[[Any], Any]) -> Iterator[None]:
    """Replaces an attribute of `owner` while the context lasts."""
    original = owner.__dict__[name]
    setattr(owner, name, make(original))
    try:
        yield
    finally:
        setattr(owner, name, original)


def measure(arguments: list[str], output: Callable[[str], None]) -> Phases:
    """Runs xdsl-opt with `arguments`, handing its result to `output`."""
    from xdsl.dialects.builtin import ModuleOp
    from xdsl.folder import Folder
    from xdsl.ir import Operation
    from xdsl.pattern_rewriter import GreedyRewritePatternApplier, PatternRewriteWalker
    from xdsl.tools.command_line_tool import CommandLineTool
    from xdsl.traits import HasCanonicalizationPatternsTrait
    from xdsl.xdsl_opt_main import xDSLOptMain

    phases = Phases()

    def span(kind: str, name: str) -> Callable[[Any], Any]:
        def make(function: Any) -> Any:
            @functools.wraps(function)
            def wrapped(*args: Any, **named: Any) -> Any:
                return phases.call(kind, name, function, *args, **named)

            return wrapped

        return make

    def verify(function: Any) -> Any:
        @functools.wraps(function)
        def wrapped(self: Operation, *args: Any, **named: Any) -> Any:
            # An operation verifies what is in it by the same method: only the outermost is a span.
            if phases.is_verifying or not isinstance(self, ModuleOp):
                return function(self, *args, **named)
            phases.is_verifying = True
            try:
                return phases.call("verify", "module", function, self, *args, **named)
            finally:
                phases.is_verifying = False

        return wrapped

    def pattern_walker(function: Any) -> Any:
        @functools.wraps(function)
        def wrapped(self: Any, *args: Any, **named: Any) -> Any:
            self.pattern = timed_pattern(self.pattern, phases, GreedyRewritePatternApplier)
            return function(self, *args, **named)

        return wrapped

    def canonicalization(function: Any) -> Any:
        @functools.wraps(function)
        def wrapped(*args: Any, **named: Any) -> Any:
            found = function(*args, **named)
            return tuple(timed_pattern(p, phases, GreedyRewritePatternApplier) for p in found)

        return wrapped

    def fold(function: Any) -> Any:
        @functools.wraps(function)
        def wrapped(*args: Any, **named: Any) -> Any:
            folded = phases.call("pattern", "fold", function, *args, **named)
            if folded is not None:
                phases.entry("pattern", "fold").applied += 1
            return folded

        return wrapped

    with contextlib.ExitStack() as patches:
        patches.enter_context(replaced(Folder, "try_fold", fold))
        patches.enter_context(
            replaced(HasCanonicalizationPatternsTrait, "get_patterns", canonicalization)
        )
        patches.enter_context(replaced(CommandLineTool, "parse_chunk", span("parse", "lex and parse")))
        patches.enter_context(
            replaced(xDSLOptMain, "output_resulting_program", span("print", "print text"))
        )
        patches.enter_context(replaced(Operation, "verify", verify))
        patches.enter_context(replaced(PatternRewriteWalker, "rewrite_module", pattern_walker))
        start = time.perf_counter()
        tool = phases.call("start", "load dialects and passes", xDSLOptMain, args=arguments)
        wrap_passes(tool.pipeline, phases)
        tool.output_resulting_program = keep(tool, output)  # type: ignore[method-assign]
        tool.prepare_output = lambda: Discard()  # type: ignore[method-assign,assignment]
        tool.run()
        phases.wall = time.perf_counter() - start
    return phases


class Discard:
    """A stream that forgets."""

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None: ...

    def close(self) -> None: ...


def keep(tool: Any, output: Callable[[str], None]) -> Callable[[Any], str]:
    function = tool.output_resulting_program

    def wrapped(module: Any) -> str:
        text = function(module)
        output(text)
        return text

    return wrapped


def wrap_passes(pipeline: Any, phases: Phases) -> None:
    """Makes each pass of a pipeline a span of its own."""
    from xdsl.passes import ModulePass

    class Timed(ModulePass):
        """Runs another pass as a span."""

        def __init__(self, inner: ModulePass) -> None:
            object.__setattr__(self, "inner", inner)
            object.__setattr__(self, "name", inner.name)

        def apply(self, ctx: Any, op: Any) -> None:
            phases.call("pass", self.inner.name, self.inner.apply, ctx, op)

    object.__setattr__(pipeline, "passes", tuple(Timed(p) for p in pipeline.passes))


def timed_pattern(pattern: Any, phases: Phases, applier: type) -> Any:
    """The pattern with each try a span; of a list of patterns each by itself."""
    from xdsl.pattern_rewriter import RewritePattern

    if isinstance(pattern, applier):
        pattern.rewrite_patterns = [
            timed_pattern(inner, phases, applier) for inner in pattern.rewrite_patterns
        ]
        return pattern
    if getattr(pattern, "_martlet_timed", False):
        return pattern

    name = type(pattern).__name__

    class Timed(RewritePattern):
        """Tries another pattern as a span."""

        _martlet_timed = True

        def match_and_rewrite(self, op: Any, rewriter: Any, /) -> None:
            before = rewriter.has_done_action
            rewriter.has_done_action = False
            phases.call("pattern", name, pattern.match_and_rewrite, op, rewriter)
            if rewriter.has_done_action:
                phases.entry("pattern", name).applied += 1
            rewriter.has_done_action = rewriter.has_done_action or before

    return Timed()
