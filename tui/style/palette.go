package style

// tone is a colour as #rrggbb, and its counterparts among 256 and 16 colours, as indexes; "": the terminal's own colour.
type tone [3]string

// palette holds a theme's colours.
type palette struct {
	dim, faint, rule, accent, good, warn, bad, selFore, selBack tone
	asked, sent, answered, p50, p95, p99                        tone
	back                                                        string   // colour that areas fade into, and that contrasts are measured against
	answered256                                                 []string // the area of responses with 256 colours, from the axis up: blends turn grey or teal
	p95Fill256, p99Fill256, failedBack256                       string
	heat                                                        []string // stops of one ramp, from lowest to highest
	heat256, heat16                                             []string // the same ramp; with 16 colours, several steps share one
}

// The hues are those of Okabe and Ito, "Color Universal Design" (2008), which people with most kinds of colour blindness can distinguish: bluish
// green for responses, sky blue, yellow and vermillion for p50, p95 and p99. Their lightness is adapted to the background. 256 and 16
// colours are listed, because the nearest of them may be illegible or a different hue.
var (
	dark = palette{
		dim: tone{"#9aa3b2", "248", "7"}, faint: tone{"#7b8696", "245", "8"}, rule: tone{"#3d4654", "238", "8"},
		accent: tone{"#56b4e9", "74", "14"}, good: tone{"#14b083", "36", "6"}, warn: tone{"#f0e442", "227", "11"}, bad: tone{"#f0701f", "202", "9"},
		selFore: tone{"#ffffff", "231", "15"}, selBack: tone{"#1f4b66", "24", "4"},
		asked: tone{"#98a2b1", "248", "8"}, sent: tone{"#78c4f2", "117", "15"}, answered: tone{"#009e73", "36", "6"},
		p50: tone{"#56b4e9", "74", "14"}, p95: tone{"#f0e442", "227", "11"}, p99: tone{"#d55e00", "166", "9"},
		back: "#10141a", answered256: []string{"29", "29", "36"}, p95Fill256: "58", p99Fill256: "94", failedBack256: "23",
		heat:    []string{"#153a40", "#1f8a8a", "#e6cf4a", "#ffffff"},
		heat256: []string{"23", "30", "36", "42", "78", "113", "149", "185", "191", "227", "230", "231"},
		heat16:  []string{"4", "6", "14", "15"},
	}
	light = palette{
		dim: tone{"#57606a", "241", ""}, faint: tone{"#68717b", "242", ""}, rule: tone{"#c4cad1", "251", "7"},
		accent: tone{"#0063a0", "25", "4"}, good: tone{"#007a58", "29", "4"}, warn: tone{"#a06a00", "130", "5"}, bad: tone{"#8a0f1a", "88", "1"},
		selFore: tone{"#00263d", "17", "15"}, selBack: tone{"#cfe6f5", "153", "4"},
		asked: tone{"#7b838d", "243", "8"}, sent: tone{"#00548a", "24", "0"}, answered: tone{"#008a63", "29", "4"},
		p50: tone{"#0072b2", "25", "4"}, p95: tone{"#c08300", "136", "5"}, p99: tone{"#9c2f00", "88", "1"},
		back: "#ffffff", answered256: []string{"72", "36", "29"}, p95Fill256: "179", p99Fill256: "174", failedBack256: "151",
		heat:    []string{"#d5ebea", "#3aa0a0", "#8a5a00", "#3d2400"},
		heat256: []string{"195", "159", "123", "116", "80", "44", "37", "31", "30", "23", "235", "16"},
		heat16:  []string{"14", "6", "4", "0"},
	}
	safe = palette{
		dim: tone{"#a8a8a8", "248", "7"}, faint: tone{"#858585", "245", "8"}, rule: tone{"#4a4a4a", "239", "8"},
		accent: tone{"#56b4e9", "74", "14"}, good: tone{"#56b4e9", "74", "14"}, warn: tone{"#f0e442", "227", "11"}, bad: tone{"#e8661a", "202", "9"},
		selFore: tone{"#ffffff", "231", "15"}, selBack: tone{"#0072b2", "25", "4"},
		asked: tone{"#999999", "247", "7"}, sent: tone{"#56b4e9", "74", "14"}, answered: tone{"#f0e442", "227", "11"},
		p50: tone{"#56b4e9", "74", "14"}, p95: tone{"#f0e442", "227", "11"}, p99: tone{"#d55e00", "166", "9"},
		back: "#000000", answered256: []string{"142", "142", "185"}, p95Fill256: "58", p99Fill256: "94", failedBack256: "58",
		heat:    []string{"#10304a", "#0072b2", "#e69f00", "#ffffff"},
		heat256: []string{"17", "18", "24", "25", "31", "67", "103", "143", "179", "221", "229", "231"},
		heat16:  []string{"4", "6", "14", "15"},
	}
)

// themes are the palettes by name.
var themes = map[string]*palette{"dark": &dark, "light": &light, "safe": &safe}
