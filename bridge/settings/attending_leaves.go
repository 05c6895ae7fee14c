package settings

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What the settings of time may hold.
const (
	leastReminder, mostReminder = time.Minute, 23 * time.Hour
	mostQuestions               = 5
	mostAgentLimit              = 100
	mostTicket                  = 1 << 53 // what JSON carries without loss
)

// timeSections explains what holds several settings of what goes by time.
func timeSections() map[string]string {
	return map[string]string{
		"queue":     "Conversations that wait for people.",
		"silence":   "An agent who does not answer a customer. Both times count while the number is open; 0s = never.",
		"survey":    "What customers are asked after the end. The answers are says.survey_1 to says.survey_5.",
		"audit":     "The audit of conversations that somebody left.",
		"other_bot": "Tickets that another program opens, for conversations that Ponte knows nothing of: they are audited too.",
		"report":    "Reports that are made by themselves.",
	}
}

// timeLeaves are the settings of a number of what goes by time.
func timeLeaves() []leaf[Number] {
	return slices.Concat(queueLeaves(), surveyLeaves(), auditLeaves())
}

func queueLeaves() []leaf[Number] {
	return []leaf[Number]{
		toggle("queue.automatic", "true: they are given to agents who are online and have room. false: agents pick.",
			func(n *Number) *bool { return &n.Queue.Automatic }),
		spanOrNever("queue.every", "How often a customer who waits hears says.waiting, or says.none_available, again: from 1m to 6h;\n0s = on arrival only.",
			time.Minute, 6*time.Hour, func(n *Number) *time.Duration { return &n.Queue.Every }),
		spanOrNever("silence.alert", "How long the customer may wait before people are alerted: from 1m to 24h.",
			time.Minute, day, func(n *Number) *time.Duration { return &n.Silence.Alert }),
		spanOrNever("silence.return", "After how long the conversation goes back to its queue, before others: at least alert, at most 24h.",
			time.Minute, day, func(n *Number) *time.Duration { return &n.Silence.Return }),
		spans("reminders", fmt.Sprintf(`After how much open time without an answer to the agent's last words the customer gets says.reminder_1,
says.reminder_2 and says.reminder_3: up to %d times, each longer than the one before it, from %s to %s;
[] = never. For example: [30m, 2h].`, MostReminders, formatSpan(leastReminder), formatSpan(mostReminder)),
			func(n *Number) *[]time.Duration { return &n.Reminders }, checkReminders),
	}
}

func checkReminders(all []time.Duration) string {
	if len(all) > MostReminders {
		return fmt.Sprintf("has %d entries, at most %d are possible", len(all), MostReminders)
	}
	for i, d := range all {
		switch {
		case d < leastReminder || d > mostReminder:
			return fmt.Sprintf("has %s, which is out of range: from %s to %s", formatSpan(d), formatSpan(leastReminder), formatSpan(mostReminder))
		case i > 0 && d <= all[i-1]:
			return fmt.Sprintf("has %s after %s: each has to be longer than the one before it", formatSpan(d), formatSpan(all[i-1]))
		}
	}
	return ""
}

func surveyLeaves() []leaf[Number] {
	questions := listOf("survey.questions", fmt.Sprintf(`Asked one after the other, in place of says.survey; at most %d, which may hold the variables of says;
[] = none. The answer to the first one is the customer's satisfaction.`, mostQuestions),
		func(n *Number) *[]string { return &n.Survey.Questions }, checkQuestions)
	questions.block = func(n Number) []string {
		var lines []string
		for _, q := range n.Survey.Questions {
			lines = append(lines, "- "+quote(q))
		}
		return lines
	}
	return []leaf[Number]{
		toggle("survey.on", "true: customers whom an agent attended are asked.", func(n *Number) *bool { return &n.Survey.On }),
		span("survey.limit", "How long after the end an answer counts: from 1m to 24h.", time.Minute, day,
			func(n *Number) *time.Duration { return &n.Survey.Limit }),
		questions,
	}
}

func checkQuestions(all []string) string {
	if len(all) > mostQuestions {
		return fmt.Sprintf("has %d entries, at most %d are possible", len(all), mostQuestions)
	}
	for i, q := range all {
		if wrong := checkSaid(q, mostBody); wrong != "" {
			return fmt.Sprintf("entry %d %s", i+1, wrong)
		}
	}
	return ""
}

func auditLeaves() []leaf[Number] {
	return []leaf[Number]{
		toggle("audit.on", "true: the audit judges the number's conversations by itself.", func(n *Number) *bool { return &n.Audit.On }),
		span("audit.wait", "How much open time may pass before somebody is late: from 1m to 24h.", time.Minute, day,
			func(n *Number) *time.Duration { return &n.Audit.Wait }),
		choice("audit.bot_abandoned", "The ticket of a customer who quits during the bot: leave (as it is) or solve.",
			func(n *Number) *BotAbandoned { return &n.Audit.BotAbandoned }, BotLeave, BotSolve),
		tagLeaf("audit.bot_tag", "The tag of a ticket that is solved for that.", func(n *Number) *string { return &n.Audit.BotTag }, false),
	}
}

// tagLeaf is a single tag.
func tagLeaf[T any](path, about string, at func(*T) *string, mayMiss bool) leaf[T] {
	l := words(path, about, mostTag, at)
	l.check = func(t T) string {
		tag := *at(&t)
		if tag == "" && !mayMiss {
			return "is empty"
		}
		if wrong := checkTag(tag); wrong != "" {
			return short(tag) + " is no tag: " + wrong
		}
		return ""
	}
	return l
}

// attendingLeaves are the settings of the account of what goes by time.
func attendingLeaves() []leaf[Account] {
	schedule := words("report.schedule", `When, in the five fields of cron by the clock of default's zone: minute, hour, day of the month, month and
day of the week (0 = Sunday to 6). "" = never; "0 7 * * 1" = on Mondays at 7:00.`, mostSchedule, func(a *Account) *string { return &a.Report.Schedule })
	schedule.check = func(a Account) string { return checkSchedule(a.Report.Schedule) }
	return []leaf[Account]{
		count("agent_limit", fmt.Sprintf("How many conversations an agent attends at the same time, unless they have a limit of their own:\nfrom 1 to %d.", mostAgentLimit),
			1, mostAgentLimit, func(a *Account) *int { return &a.AgentLimit }),
		spanOrNever("audit_every", "How often the audit looks at what has waited: from 1m to 24h; 0s = never by itself.", time.Minute, day,
			func(a *Account) *time.Duration { return &a.AuditEvery }),
		tagLeaf("other_bot.tag", "The tag that all of them carry; \"\" = there are none.", func(a *Account) *string { return &a.OtherBot.Tag }, true),
		line("other_bot.session", "The ticket fields with that program's session id, with the time at which it handed over and with the\nlink to its log, each by its title or its id; \"\" = there is none.",
			mostTitle, func(a *Account) *string { return &a.OtherBot.Session }),
		line("other_bot.derived", "", mostTitle, func(a *Account) *string { return &a.OtherBot.Derived }),
		line("other_bot.log", "", mostTitle, func(a *Account) *string { return &a.OtherBot.Log }),
		schedule,
		choice("report.period", "What each is about: the last whole day, week (from Monday on) or month before it is made.",
			func(a *Account) *ReportPeriod { return &a.Report.Period }, PeriodDay, PeriodWeek, PeriodMonth),
		count("report.ticket", "The number of the ticket on which its summary is posted; 0 = none.", 0, mostTicket,
			func(a *Account) *int64 { return &a.Report.Ticket }),
		toggle("report.public", "true: as a public comment, so that Zendesk e-mails it to the ticket's requester.", func(a *Account) *bool { return &a.Report.Public }),
		span("report.keep", "How long reports are kept: from 24h to 3650d.", day, 3650*day, func(a *Account) *time.Duration { return &a.Report.Keep }),
	}
}

// checkTime compares settings of what goes by time with each other.
func checkTime(path string, n Number) []Mistake {
	var all []Mistake
	if s := n.Silence; s.Return != 0 && s.Return < s.Alert {
		all = append(all, Mistake{
			Path: path + ".silence.return", with: path + ".silence.alert",
			What: fmt.Sprintf("%s is shorter than alert, %s", formatSpan(s.Return), formatSpan(s.Alert)),
		})
	}
	var scale []string
	for i, title := range n.Says.SurveyScale {
		if scale = append(scale, strings.TrimSpace(title)); title != "" && again(scale) {
			all = append(all, Mistake{Path: path + ".says.survey_" + strconv.Itoa(i+1), What: short(title) + " is another answer, too"})
		}
	}
	return all
}

// checkOtherBot wants tickets of another bot to be told from Ponte's own by their tag.
func (o Operation) checkOtherBot() []Mistake {
	tag := o.Account.OtherBot.Tag
	if tag == "" {
		return nil
	}
	const at = "account.other_bot.tag"
	if slices.Contains(o.Default.Tags, tag) {
		return []Mistake{{Path: at, with: "default.tags", What: short(tag) + " is one of the tags of Ponte's own tickets, default.tags"}}
	}
	for _, id := range slices.Sorted(maps.Keys(o.Numbers)) {
		if path := "numbers." + label(id) + ".tags"; slices.Contains(o.Numbers[id].Tags, tag) {
			return []Mistake{{Path: at, with: path, What: short(tag) + " is one of the tags of Ponte's own tickets, " + path}}
		}
	}
	return nil
}
