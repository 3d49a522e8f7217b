"""What Python in the browser is asked to compute: run there and here, it has to give the same.

Nothing but `neuro_lib` is imported, so that the text of this file also runs in a notebook.
"""

from neuro_lib.explorers import SCENES, Choice


def settings(scene):
    """Where the sliders stand: at their defaults, and all of them at one end."""
    low, high = {}, {}
    for p in scene.parameters:
        ends = (0, len(p.options) - 1) if isinstance(p, Choice) else (p.low, p.high)
        low[p.name], high[p.name] = ends
    return {"default": {}, "lowest": low, "highest": high}


def outcomes():
    """Run every scene at each setting.

    Returns
    -------
    dict
        Number by scene, setting and output. Three numbers tell of an array: its length, its mean,
        and its mean if the element at k counts k times.
    """
    told = {}
    for name, build in SCENES.items():
        scene = build().scene
        for where, values in settings(scene).items():
            for output, value in scene(**values)._asdict().items():
                if isinstance(value, (int, float)):
                    told[f"{name}, {where}: {output}"] = value
                    continue
                x, n = value.tolist(), max(len(value), 1)
                told[f"{name}, {where}: length of {output}"] = len(x)
                told[f"{name}, {where}: mean of {output}"] = sum(x) / n
                moment = sum(k * part for k, part in enumerate(x))
                told[f"{name}, {where}: moment of {output}"] = moment / n**2
    return told
