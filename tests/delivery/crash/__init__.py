"""The crash harness: the real bot, killed at every step of a delivery and started again, and what then is in Discord.

    python -m tests.delivery.crash --runs 100 --seed 1
    python -m tests.delivery.crash --seed 1 --run 44 --keep folder
    python -m tests.delivery.crash --runs 20 --part announcements --only slow

Each run has a random programme, a database and a stand-in for Discord of its own, which outlives the bot's process.
The bot is killed with SIGKILL at named points or at random instants, the programme is changed while it is down, and
it is started again. At the end it is left in peace until nothing is open any more. Then every message that was to be
sent must be in the channel exactly once.

Nobody waits for nothing to happen: when the bot has told that it has nothing to do, the clock is put forward to when
it has. How fast the machine is, or what else it does, therefore changes nothing. A bot that rests for longer than any
pause of its own, though something is due, is a finding.

A run's programme, people, kills and troubles follow from the seed and the run's number alone, so that `--run` plays one
run again; only what the machine does in which millisecond is another each time.

Reminders are in every run (`timetable`, `audience`, `judge`). Whatever else the bot does for people is a *part*: a
module in `parts/` with a subclass of `Part` called `PART`, found by itself; `parts/announcements.py` is the example. It

- names points of its own at which the bot is killed: `points = {"book": "bot.places.rows:PlaceStore.book"}` makes it
  die before that method, at its commit, and after it;
- adds to the configuration (`configuration`), fills the database before the first life (`prepare`), and changes it
  while the bot is down (`meanwhile`);
- has people use the bot while it lives (`act`): commands, buttons and forms through `scene.stand_in`. The bot may die
  at any await; that ends the act, and what was acknowledged until then is what the part may hold the bot to;
- says whether the bot, left in peace at the end, is done with all that the outbox does not show (`is_done`);
- judges in the end (`judge`): `evidence.rows` has the outbox, `evidence.query` the whole database, `findings.message`
  the message of a row; `findings.find` and `findings.lose` say what must not be. What holds for all of the outbox is
  judged for every part by itself: each batch once, nothing before it is due, nothing left lying.

A new part is first played alone: `--part NAME --runs 30`, then `--only` with each trouble.
"""
