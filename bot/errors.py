"""The errors that are meant to be read by a person."""


class Trouble(Exception):
    """Something a person can mend; its message says where it is and what to do.

    The command line prints the message alone and exits with status 2; a command in Discord shows it as it is.
    Any other exception is a defect of ours and keeps its traceback.
    """
