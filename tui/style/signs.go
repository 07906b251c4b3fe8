package style

// Characters of the series on an ASCII terminal, the same in every chart and throughout a run. Axes, marks and the cursor use others.
const (
	SignAnswered = ':'
	SignFailed   = '#'
	SignAsked    = '-'
	SignSent     = 's'
	SignP50      = 'o'
	SignP95      = '%'
	SignP99      = '@'
	SignBase     = '~'
	SignBand     = ':' // between two percentiles
)
