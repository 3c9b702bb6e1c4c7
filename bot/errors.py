"""The errors that are meant to be read by a person."""


class UserError(Exception):
    """An error whose text is for the person: it says what is wrong, where it is, and what to do.

    The command line prints the text alone and exits with status 2; a command in Discord shows it as it is.
    Any other exception is a defect of ours and keeps its traceback.
    """
