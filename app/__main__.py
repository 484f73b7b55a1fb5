"""`python -m app`: the server alone, with the settings of the environment; `rafael servir` becomes it."""

from app.serving import main

if __name__ == "__main__":
    main()
