package style

import (
	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// HeatSteps is the number of shades, for shares of a column's responses from 0.1 % to 100 %.
const HeatSteps = 12

// inks turns a palette's tones into styles for a number of colours.
type inks struct {
	*lipgloss.Renderer
	palette *palette
	profile termenv.Profile
}

// value returns a tone as the profile has it.
func (i inks) value(t tone) string {
	switch i.profile {
	case termenv.ANSI256:
		return t[1]
	case termenv.ANSI:
		return t[2]
	}
	return t[0]
}

func (i inks) color(t tone) lipgloss.Color { return lipgloss.Color(i.value(t)) }

func (i inks) in(t tone) lipgloss.Style { return i.NewStyle().Foreground(i.color(t)) }

func (i inks) pen(t tone) Pen { return penOf(i.in(t)) }

// flat returns a pen of one colour, as the profile has it.
func (i inks) flat(color string) Pen { return penOf(i.NewStyle().Foreground(lipgloss.Color(color))) }

// areas sets the pens of areas. With 16 colours, there is no darker shade of a colour.
func (i inks) areas(st *Sheet) {
	p := i.palette
	failed := i.in(p.bad).Bold(true)
	switch i.profile {
	case termenv.ANSI:
		st.AnsweredRamp, st.P95Ramp, st.P99Ramp, st.FailedOver = []Pen{st.Answered}, []Pen{st.P95}, []Pen{st.P99}, st.Bad
	case termenv.ANSI256:
		for _, index := range p.answered256 {
			st.AnsweredRamp = append(st.AnsweredRamp, i.flat(index))
		}
		st.P95Ramp, st.P99Ramp = []Pen{i.flat(p.p95Fill256)}, []Pen{i.flat(p.p99Fill256)}
		st.FailedOver = penOf(failed.Background(lipgloss.Color(p.failedBack256)))
	default:
		for _, color := range answeredRamp(p) {
			st.AnsweredRamp = append(st.AnsweredRamp, i.flat(color))
		}
		st.P95Ramp, st.P99Ramp = []Pen{i.flat(blend(p.p95[0], p.back, .5))}, []Pen{i.flat(blend(p.p99[0], p.back, .5))}
		st.FailedOver = penOf(failed.Background(lipgloss.Color(blend(p.answered[0], p.back, .75))))
	}
}

// answeredRamp returns the shades of the area of responses, from the axis up.
func answeredRamp(p *palette) (list []string) {
	const steps, faded = 8, .35
	for k := range steps {
		list = append(list, blend(p.answered[0], p.back, faded*float64(steps-1-k)/(steps-1)))
	}
	return list
}

// heat sets the pens of the heat map and of the lines over it.
func (i inks) heat(st *Sheet) {
	black, white := "#000000", "#ffffff"
	if i.profile != termenv.TrueColor {
		black, white = "0", "15"
	}
	for _, shade := range shades(i.palette, i.profile) {
		on := i.NewStyle().Background(lipgloss.Color(shade))
		st.Heat = append(st.Heat, i.flat(shade))
		st.HeatP50 = append(st.HeatP50, penOf(on.Foreground(lipgloss.Color(over("", shade, black, white)))))
		st.HeatP99 = append(st.HeatP99, penOf(on.Bold(true).Foreground(lipgloss.Color(over(i.value(i.palette.p99), shade, black, white)))))
	}
}

// shades returns the colours of the heat map, from lowest to highest.
func shades(p *palette, profile termenv.Profile) (list []string) {
	for k := range HeatSteps {
		switch profile {
		case termenv.ANSI256:
			list = append(list, p.heat256[k])
		case termenv.ANSI:
			list = append(list, p.heat16[k*len(p.heat16)/HeatSteps])
		default:
			at := float64(k) / (HeatSteps - 1) * float64(len(p.heat)-1)
			stop := min(int(at), len(p.heat)-2)
			list = append(list, blend(p.heat[stop], p.heat[stop+1], at-float64(stop)))
		}
	}
	return list
}
