"""The crash harness: the real bot, killed at every step of a delivery and started again, and what then is in Discord.

    python -m tests.delivery.crash --runs 100 --seed 1

Each run has a random programme, a database and a stand-in for Discord of its own, which outlives the bot's process.
The bot is killed with SIGKILL at named points or at random instants, the programme is changed while it is down, and
it is started again. At the end it is left in peace until nothing is open any more. Then every message that was to be
sent must be in the channel exactly once.

Nobody waits for nothing to happen: when the bot has told that it has nothing to do, the clock is put forward to when
it has. How fast the machine is, or what else it does, therefore changes nothing.
"""
