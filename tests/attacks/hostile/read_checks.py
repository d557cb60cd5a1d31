# Tries to import the checks of the exercise, to see what they ask.
def attack():
    import importlib, pkgutil
    for name in ("tests.judge.conftest", "exercises.async_views.archive", "tests.attacks.test_attacks"):
        try:
            print("LOOT", importlib.import_module(name))
        except ImportError:
            pass
