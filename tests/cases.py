"""Many small cases in one test: pytest does more for a test of its own than they do."""

import inspect
from functools import wraps

import pytest


def each(names, cases):
    """Try a test on every case, as `pytest.mark.parametrize` would, and tell of all that fail.

    For cases of about a millisecond: pytest needs several to collect a test, to send it to a
    worker and to report on it.
    """
    names, cases = [name.strip() for name in names.split(",")], list(cases)
    if not cases:
        raise ValueError(f"no cases of {names}")

    def decorated(test):
        signature = inspect.signature(test)

        @wraps(test)
        def on_each(**given):
            failed = []
            for case in cases:
                values = dict(zip(names, case if len(names) > 1 else [case], strict=True))
                try:
                    test(**given, **values)
                except (Exception, BaseExceptionGroup, pytest.fail.Exception) as failure:
                    failure.add_note(f"This is the case {values}")
                    failed.append(failure)
            if failed:
                raise BaseExceptionGroup(f"{len(failed)} of {len(cases)} cases failed", failed)

        # What is left are fixtures, and parameters of other decorators.
        left = [parameter for name, parameter in signature.parameters.items() if name not in names]
        on_each.__signature__ = signature.replace(parameters=left)
        return on_each

    return decorated
