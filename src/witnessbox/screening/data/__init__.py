"""What screening ships: lexicons and the classifier's weights.  See the model card."""
