"""Finding cases again: by numbers, places, exact content and filters; never by what they show or say."""
