"""A Discord bot that knows a conference's programme."""

import os

# Topics are found with small matrices, for which numpy's OpenBLAS is no faster with a thread on each processor: these
# wait for each other, four times the work, and leave no processor to the event loop. Numpy reads it when imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
