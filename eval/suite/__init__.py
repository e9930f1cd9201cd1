"""The labelled suite: 42 recorded one-on-ones with reference codes and levels."""
