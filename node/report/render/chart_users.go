package render

import (
	"slices"

	"landfall/node/report"
)

// userCharts returns the number of users and the duration of iterations over time, in total and by scenario; none without scenarios.
func userCharts(r *report.Report) (charts []chart) {
	if r.Scenarios == nil {
		return nil
	}
	users := []curve{over(r, "all", lineClasses[0], func(in *report.Interval) (float64, bool) { return float64(in.Users), in.Coverage > 0 })}
	var times []curve
	for i, one := range r.Scenarios.Each[:min(len(r.Scenarios.Each), len(lineClasses)-1)] {
		users = append(users, over(r, one.Name, lineClasses[i+1], func(in *report.Interval) (float64, bool) {
			s, ok := scenarioIn(in, one.Name)
			return float64(s.Users), ok
		}))
		times = append(times, over(r, one.Name, lineClasses[i+1], func(in *report.Interval) (float64, bool) {
			s, _ := scenarioIn(in, one.Name)
			return float64(s.P95US), s.P95US > 0
		}))
	}
	all := over(r, "all", lineClasses[0], func(in *report.Interval) (float64, bool) { return float64(in.IterP95US), in.IterP95US > 0 })
	charts = append(charts, plot(timeline(r, "Users", "at the end of each second"), countLabel, users...))
	if slices.ContainsFunc(r.Intervals, func(in report.Interval) bool { return in.IterP95US > 0 }) { // older reports have none
		charts = append(charts, plot(timeline(r, "p95 of iterations", ""), microText, append([]curve{all}, times...)...))
	}
	return charts
}

func scenarioIn(in *report.Interval, name string) (report.ScenarioSecond, bool) {
	for _, s := range in.Scenarios {
		if s.Name == name {
			return s, true
		}
	}
	return report.ScenarioSecond{}, false
}
