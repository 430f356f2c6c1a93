"""Sheets: reports that a person copies into somebody's form or hands over on paper."""
