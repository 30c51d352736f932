"""What a flow may ask of the office: one service for each subject."""
