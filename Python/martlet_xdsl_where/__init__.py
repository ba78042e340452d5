"""Where xdsl-opt spends its time on a file, beside what martlet opt takes for the same."""
