package transcript

// part is the lines of a box that stand on one page.
type part struct {
	box         box
	from, to    int
	y           float64
	first, last bool // the box begins here, ends here
}

func (p part) height() float64 {
	h := 2 * p.box.inset()
	for _, l := range p.box.lines[p.from:p.to] {
		h += l.height
	}
	return h
}

// paginator lays boxes out on pages, from the top.
type paginator struct {
	pages [][]part
	y     float64
}

const pageEnd = pageHeight - marginBottom

// add puts a box below what is there. need is the height that should stay free below it on the same page.
func (p *paginator) add(b box, need float64) {
	if len(p.pages) == 0 {
		p.turn()
	}
	h := b.height()
	if p.y+h+need > pageEnd && h+need <= wholeUpTo && p.y > marginTop {
		p.turn()
	}
	for from := 0; from < len(b.lines); {
		to := p.fitting(b, from)
		if to == from && p.y > marginTop {
			p.turn()
			continue
		}
		to = max(to, from+1)
		placed := part{box: b, from: from, to: to, y: p.y, first: from == 0, last: to == len(b.lines)}
		p.pages[len(p.pages)-1] = append(p.pages[len(p.pages)-1], placed)
		p.y += placed.height()
		if from = to; from < len(b.lines) {
			p.turn()
		}
	}
	p.y += gap
}

// fitting is up to which line a box fits on the rest of the page; lines that belong together are not divided.
func (p *paginator) fitting(b box, from int) int {
	y := p.y + 2*b.inset()
	to := from
	for to < len(b.lines) && y+b.lines[to].height <= pageEnd {
		y += b.lines[to].height
		to++
	}
	if to == len(b.lines) {
		return to
	}
	end := to
	for end > from && b.lines[end-1].keep {
		end--
	}
	if end == from && p.y <= marginTop { // nothing but such lines: they fill the page
		return to
	}
	return end
}

func (p *paginator) turn() {
	p.pages = append(p.pages, nil)
	p.y = marginTop
}
