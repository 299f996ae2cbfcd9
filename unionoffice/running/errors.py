class RunningError(Exception):
    """Why a command cannot go on, in one line for the person at the keyboard."""
