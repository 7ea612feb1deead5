"""大屏 for a hall: `services` pairs and ends screens, `content` says what stands on one, `news` and `ground` what is masked."""
