"""The program `contor`: the command line, whose import takes so long that somebody may end it meanwhile."""

import signal


def main() -> None:
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:  # who was started with it ignored goes on ignoring it
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # nothing has begun: to end is all there is to do
    from contor import cli

    signal.signal(signal.SIGINT, before)
    cli.main()


if __name__ == "__main__":
    main()
