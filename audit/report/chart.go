package report

import (
	"math"
	"strconv"
	"strings"
)

// The charts' sizes, in the units of their view boxes.
const (
	chartWidth  = 960.0
	chartHeight = 300.0
	leftEdge    = 56.0
	rightEdge   = 8.0
	topEdge     = 12.0
	bottomEdge  = 30.0
	plotWidth   = chartWidth - leftEdge - rightEdge
	plotHeight  = chartHeight - topEdge - bottomEdge
	baseLine    = topEdge + plotHeight
)

// figure is what all charts have: what they show in a line and in a paragraph, for people who can't see them.
type figure struct {
	ID, Title, Desc string
	Width, Height   float64
}

// tick is a line of a scale.
type tick struct {
	At    float64
	Label string
}

// legend explains a colour, or a line.
type legend struct {
	Class, Label string
}

// box is a coloured rectangle with what it shows.
type box struct {
	X, Y, W, H   float64
	Class, Title string
}

// stack is a bar of several colours.
type stack struct {
	X     float64
	Label string // "" = there is no room for one
	Boxes []box
}

// stacks is a chart of stacked bars.
type stacks struct {
	figure

	Ticks  []tick
	Stacks []stack
	Legend []legend
}

// column is what a bar of stacks is made from.
type column struct {
	label, name string
	counts      [allSeries]int
}

func (c column) total() int {
	var sum int
	for _, n := range c.counts {
		sum += n
	}
	return sum
}

// stacksOf draws stacked bars.
func stacksOf(f figure, columns []column, l labels) stacks {
	f.Width, f.Height = chartWidth, chartHeight
	s := stacks{figure: f}
	most, used := 0, [allSeries]bool{}
	for _, c := range columns {
		most = max(most, c.total())
		for i, n := range c.counts {
			used[i] = used[i] || n > 0
		}
	}
	step := niceStep(most)
	top := max(step, (most+step-1)/step*step)
	for v := 0; v <= top; v += step {
		s.Ticks = append(s.Ticks, tick{At: tenth(baseLine - plotHeight*float64(v)/float64(top)), Label: l.integer(v)})
	}
	each := plotWidth / float64(max(len(columns), 1))
	width := min(each*0.74, 64)
	nth := every(len(columns), func(i int) string { return columns[i].label })
	for i, c := range columns {
		x := leftEdge + each*(float64(i)+0.5)
		bar := stack{X: tenth(x)}
		if i%nth == 0 {
			bar.Label = c.label
		}
		y := baseLine
		for k, n := range c.counts {
			if n == 0 {
				continue
			}
			h := plotHeight * float64(n) / float64(top)
			y -= h
			bar.Boxes = append(bar.Boxes, box{
				X: tenth(x - width/2), Y: tenth(y), W: tenth(width), H: tenth(h), Class: "s" + strconv.Itoa(k),
				Title: c.name + ": " + l.series[k] + " " + l.integer(n),
			})
		}
		s.Stacks = append(s.Stacks, bar)
	}
	for k, on := range used {
		if on {
			s.Legend = append(s.Legend, legend{Class: "s" + strconv.Itoa(k), Label: l.series[k]})
		}
	}
	return s
}

// every says which labels below a chart have room: each of them, each second one, and so on. Most days have only their number; the
// few that have their month as well may be wider than their room.
func every(n int, label func(int) string) int {
	const narrow, wide = 24.0, 48.0
	room, short := wide, 0
	for i := range n {
		if len(label(i)) <= 2 {
			short++
		}
	}
	if short*2 > n {
		room = narrow
	}
	return max(1, int(math.Ceil(room*float64(n)/plotWidth)))
}

// niceStep is the distance of a scale's lines: about five of them, at 1, 2 or 5 times a power of ten.
func niceStep(most int) int {
	for power := 1; ; power *= 10 {
		for _, n := range []int{1, 2, 5} {
			if n*power*5 >= most {
				return n * power
			}
		}
	}
}

// niceSeconds is the distance of the lines of a scale of times.
func niceSeconds(most int64) int64 {
	for _, s := range []int64{10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 4 * 3600, 8 * 3600, 24 * 3600, 48 * 3600, 168 * 3600} {
		if s*5 >= most {
			return s
		}
	}
	return int64(niceStep(int(most/3600))) * 3600
}

// axis is how a time is called on a scale.
func axis(s int64) string {
	switch {
	case s == 0:
		return "0"
	case s%3600 == 0:
		return strconv.FormatInt(s/3600, 10) + " h"
	case s%60 == 0:
		return strconv.FormatInt(s/60, 10) + " min"
	}
	return strconv.FormatInt(s, 10) + " s"
}

// curve is a line of a chart, with its points.
type curve struct {
	Class  string
	Path   string
	Points []point
}

// point is a place on a curve.
type point struct {
	X, Y  float64
	Title string
}

// curves is a chart of lines.
type curves struct {
	figure

	Ticks  []tick
	Labels []stack // below the scale
	Curves []curve
	Legend []legend
}

// sample is what a chart's lines have at one place.
type sample struct {
	label, name string
	values      []int64 // in seconds, one for each line; nil = there are none
}

// The sizes of a chart of lines, which is lower.
const (
	curvesHeight = 220.0
	curvesPlot   = curvesHeight - topEdge - bottomEdge
	curvesBase   = topEdge + curvesPlot
)

// curvesOf draws lines; where a sample has no values they are broken.
func curvesOf(f figure, samples []sample, names []string) curves {
	f.Width, f.Height = chartWidth, curvesHeight
	c := curves{figure: f}
	var most int64
	for _, s := range samples {
		for _, v := range s.values {
			most = max(most, v)
		}
	}
	step := niceSeconds(most)
	top := max(step, (most+step-1)/step*step)
	for v := int64(0); v <= top; v += step {
		c.Ticks = append(c.Ticks, tick{At: tenth(curvesBase - curvesPlot*float64(v)/float64(top)), Label: axis(v)})
	}
	each := plotWidth / float64(max(len(samples), 1))
	nth := every(len(samples), func(i int) string { return samples[i].label })
	for i, s := range samples {
		if i%nth == 0 {
			c.Labels = append(c.Labels, stack{X: tenth(leftEdge + each*(float64(i)+0.5)), Label: s.label})
		}
	}
	for k, name := range names {
		line := curve{Class: "l" + strconv.Itoa(k)}
		var path strings.Builder
		pen := "M"
		for i, s := range samples {
			if s.values == nil {
				pen = "M"
				continue
			}
			p := point{
				X: tenth(leftEdge + each*(float64(i)+0.5)), Y: tenth(curvesBase - curvesPlot*float64(s.values[k])/float64(top)),
				Title: s.name + ": " + name + " " + seconds(s.values[k]),
			}
			path.WriteString(pen + number(p.X) + " " + number(p.Y))
			pen = "L"
			line.Points = append(line.Points, p)
		}
		line.Path = path.String()
		c.Curves = append(c.Curves, line)
		c.Legend = append(c.Legend, legend{Class: line.Class, Label: name})
	}
	return c
}

// heat is a chart of hours and days of the week: the darker, the more.
type heat struct {
	figure

	Hours  []tick
	Days   []tick
	Cells  []heatCell
	Scale  []heatCell
	Words  [2]string // few, many
	ScaleY float64
}

// heatCell is a place of a heat map.
type heatCell struct {
	box

	Text         string
	TextX, TextY float64
}

const (
	heatSteps = 5
	heatCellH = 30.0
	heatTop   = 22.0
)

// heatOf draws a heat map.
func heatOf(f figure, counts [7][24]int, l labels) heat {
	f.Width, f.Height = chartWidth, heatTop+7*heatCellH+40
	h := heat{figure: f, Words: [2]string{l.Page.Few, l.Page.Many}, ScaleY: heatTop + 7*heatCellH + 12}
	most := 0
	for _, day := range counts {
		for _, n := range day {
			most = max(most, n)
		}
	}
	each := plotWidth / 24
	for hour := range 24 {
		h.Hours = append(h.Hours, tick{At: tenth(leftEdge + each*(float64(hour)+0.5)), Label: strconv.Itoa(hour)})
	}
	for day, hours := range counts {
		y := heatTop + heatCellH*float64(day)
		h.Days = append(h.Days, tick{At: tenth(y + heatCellH/2), Label: l.Short[day]})
		for hour, n := range hours {
			x := leftEdge + each*float64(hour)
			c := heatCell{
				box: box{
					X: tenth(x + 1), Y: tenth(y + 1), W: tenth(each - 2), H: heatCellH - 2, Class: "h" + strconv.Itoa(level(n, most)),
					Title: l.Weekdays[day] + ", " + strconv.Itoa(hour) + " h: " + l.integer(n),
				},
				TextX: tenth(x + each/2), TextY: tenth(y + heatCellH/2),
			}
			if n > 0 {
				c.Text = l.integer(n)
			}
			h.Cells = append(h.Cells, c)
		}
	}
	for i := range heatSteps + 1 {
		h.Scale = append(h.Scale, heatCell{box: box{X: leftEdge + 70 + 30*float64(i), Y: h.ScaleY, W: 28, H: 14, Class: "h" + strconv.Itoa(i)}})
	}
	return h
}

// level is how dark a count is shown, from 0 for nothing to heatSteps for the most.
func level(n, most int) int {
	if n == 0 || most == 0 {
		return 0
	}
	return min(heatSteps, 1+(n-1)*heatSteps/most)
}

// meterBar is a bar that lies, with its name and value.
type meterBar struct {
	box

	Name, Value string
	TextY       float64
	ValueX      float64
}

// meters is a chart of bars that lie.
type meters struct {
	figure

	NameX float64
	Bars  []meterBar
}

const (
	metersWidth = 500.0
	metersName  = 176.0
	metersValue = 128.0
	metersRow   = 26.0
)

// metersOf draws counts as bars that lie; class is the colour of each.
func metersOf(f figure, list []Count, class func(int) string, l labels) meters {
	f.Width, f.Height = metersWidth, metersRow*float64(max(len(list), 1))+8
	m := meters{figure: f, NameX: metersName - 8}
	most := 1
	for _, c := range list {
		most = max(most, c.Count)
	}
	for i, c := range list {
		c.Name = clean(c.Name)
		w := (metersWidth - metersName - metersValue) * float64(c.Count) / float64(most)
		y := 4 + metersRow*float64(i)
		if c.Count > 0 {
			w = max(w, 2)
		}
		m.Bars = append(m.Bars, meterBar{
			box:  box{X: metersName, Y: tenth(y + 3), W: tenth(w), H: metersRow - 6, Class: class(i), Title: c.Name + ": " + l.integer(c.Count)},
			Name: c.Name, Value: l.integer(c.Count) + " · " + l.rate(c.Share), TextY: tenth(y + metersRow/2), ValueX: tenth(metersName + w + 8),
		})
	}
	return m
}

// tenth rounds a place to a tenth of a unit.
func tenth(v float64) float64 { return math.Round(v*10) / 10 }

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
