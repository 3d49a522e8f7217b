"""What only the grader knows: inputs that a student's function meets for the first time there."""
