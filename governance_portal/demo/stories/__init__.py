"""The 60 stories, by what they are about; a story may name an earlier one only."""

from governance_portal.demo.script import Story
from governance_portal.demo.stories.disputes import DISPUTES
from governance_portal.demo.stories.hazards import HAZARDS
from governance_portal.demo.stories.homes import HOMES
from governance_portal.demo.stories.livelihood import LIVELIHOOD
from governance_portal.demo.stories.voices import VOICES

STORIES: tuple[Story, ...] = (*HOMES, *LIVELIHOOD, *DISPUTES, *HAZARDS, *VOICES)
