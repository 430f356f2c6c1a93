"""`python -m rempart` is the command line."""

from rempart.cli.main import main

if __name__ == "__main__":
    main()
