#!/usr/bin/env python3
"""Make the inputs of the speech example: a few seconds of speech and silence.

`espeak-ng` speaks three phrases, which are laid on silence at fixed instants, sampled at 16 kHz
and cut into the windows that `silero_vad_16k_sequence.onnx` takes. Four arrays are written, all
float32 in C order:

    audio.npy  [samples]       the sound itself, in -1..1, a whole number of windows long
    input.npy  [windows, 576]  each row: the last 64 samples of the window before, then 512 samples
    h.npy      [1, 1, 128]     the LSTM's hidden state at the start, zeros
    c.npy      [1, 1, 128]     the LSTM's cell state at the start, zeros

The model itself is copied beside them from the installed `silero-vad` package (MIT licence), which
needs no more than its files: none of its code runs.

The same version of espeak-ng gives the same bytes every time.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import shutil
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np

MODEL = "silero_vad_16k_sequence.onnx"
SAMPLE_RATE = 16000
WINDOW = 512  # 32 ms
CONTEXT = 64  # 4 ms of the window before
STATE_SHAPE = (1, 1, 128)

# What is said, and the pause in seconds before it. No noise is added: the silence is exact.
PHRASES = [(0.5, "one two three four"), (0.8, "Martlet reads a model"), (0.9, "and runs it")]
TAIL_SECONDS = 0.8


def speak(text: str) -> np.ndarray:
    """Returns `text` spoken by espeak-ng, as float32 in -1..1 at `SAMPLE_RATE`."""
    command = ["espeak-ng", "-v", "en", "-s", "150", "--stdout", text]
    sound = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    # espeak-ng writes to a pipe, where it cannot go back to fill in how many samples there are:
    # the number in the header is too large, and `readframes` stops at the end of the sound.
    with wave.open(io.BytesIO(sound)) as reader:
        if (reader.getnchannels(), reader.getsampwidth()) != (1, 2):
            raise ValueError("espeak-ng did not write 16-bit mono sound")
        rate = reader.getframerate()
        frames = reader.readframes(reader.getnframes())
    samples = np.frombuffer(frames, dtype="<i2").astype(np.float64)
    return resample(trim(samples) / 32768.0, rate)


def trim(samples: np.ndarray) -> np.ndarray:
    """Drops the zeros that espeak-ng puts before and after a phrase."""
    loud = np.flatnonzero(samples)
    return samples[loud[0] : loud[-1] + 1] if loud.size else samples[:0]


def resample(samples: np.ndarray, rate: int) -> np.ndarray:
    """Brings `samples` from `rate` to `SAMPLE_RATE` by cutting its spectrum, as float32."""
    count = round(samples.size * SAMPLE_RATE / rate)
    spectrum = np.fft.rfft(samples)[: count // 2 + 1]
    return (np.fft.irfft(spectrum, count) * (count / samples.size)).astype(np.float32)


def compose() -> np.ndarray:
    """Returns the phrases with their pauses, padded with silence to whole windows."""
    parts = []
    for pause, text in PHRASES:
        parts += [silence(pause), speak(text)]
    audio = np.concatenate([*parts, silence(TAIL_SECONDS)])
    return np.pad(audio, (0, -audio.size % WINDOW))


def silence(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * SAMPLE_RATE), dtype=np.float32)


def windows(audio: np.ndarray) -> np.ndarray:
    """Cuts `audio` into the model's input rows, each led by the end of the row before."""
    frames = audio.reshape(-1, WINDOW)
    context = np.zeros((frames.shape[0], CONTEXT), dtype=np.float32)
    context[1:] = frames[:-1, -CONTEXT:]
    return np.concatenate([context, frames], axis=1)


def find_model() -> Path | None:
    """Returns the model's file in the installed package, or None."""
    package = importlib.util.find_spec("silero_vad")
    if package is None or package.origin is None:
        return None
    path = Path(package.origin).parent / "data" / MODEL
    return path if path.is_file() else None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where to write the arrays and the model")
    folder: Path = parser.parse_args().folder

    if shutil.which("espeak-ng") is None:
        print("make_audio.py: espeak-ng is missing: apt-get install espeak-ng", file=sys.stderr)
        return 1
    model = find_model()
    if model is None:
        print("make_audio.py: silero-vad is missing: see Examples/README.md", file=sys.stderr)
        return 1
    audio = compose()
    rows = windows(audio)
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "audio.npy", audio)
    np.save(folder / "input.npy", rows)
    for name in ("h", "c"):
        np.save(folder / f"{name}.npy", np.zeros(STATE_SHAPE, dtype=np.float32))
    shutil.copyfile(model, folder / MODEL)
    print(f"{audio.size / SAMPLE_RATE:.2f} s of sound, {rows.shape[0]} windows in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
