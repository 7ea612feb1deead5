"""The figures: what each indicator means (`figures`), which days it looks at (`windows`), how it is counted (`counting`)."""
