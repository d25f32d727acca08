"""The picture of a document: a letter a person is glad to receive, made from the frozen document and nothing else."""
