"""`python -m playbook_engine` is `playbook`."""

from playbook_engine.cli.main import main

main()
