# The permanent assembly: ballots, counts, published files.

assembly-help-recount = Count a published ballot again, and say whether its file is what follows from its votes
assembly-help-recount-file = Published file of a ballot
assembly-help-recount-out = File to write what was counted to. An existing file is replaced only by a complete one

assembly-recount-title = { $title } ({ $ballot }, round { $round }): { $papers } papers of { $eligible } members
assembly-recount-question = { $number }. { $title }: { $decision }
assembly-recount-turnout = Took part: { $heads } by heads, { $colleges } by weight of the colleges
assembly-recount-turnout-heads = Took part: { $heads }
assembly-recount-missing = For the quorum { $missing ->
    [one] one more was needed
   *[other] { $missing } more were needed
}
assembly-recount-heads = By heads: for { $favour }, against { $against }
assembly-recount-colleges = By weight: for { $favour }, against { $against }, unused { $unused }
assembly-recount-score = { $name }: { $votes ->
    [one] one vote
   *[other] { $votes } votes
}
assembly-recount-elected = Chosen: { $name }
assembly-recount-same = The file is the same, byte for byte: all its results follow from its votes.
assembly-recount-finished = The file had no results yet. They were counted.
assembly-recount-differs = line { $line } is not what follows from the votes. Do not trust the results of this file

assembly-part = { $part } ({ $whole }.{ $hundredths } %)

assembly-adopted = adopted
assembly-rejected = not adopted, things stay as they are
assembly-no-quorum = not valid, the quorum is missed
assembly-nobody-chose = no decision, nobody chose
assembly-too-few = not opened, too few papers to stay discreet
assembly-complete = every place has somebody
assembly-incomplete = places stay open

assembly-file-unreadable = the line cannot be read as a line of a ballot: { $why }
assembly-file-format = the format { $format } is not known here. Known: { $known }
assembly-file-order = the line is not in its place, or stands there twice
assembly-file-ends = the file ends too early: it has no question
assembly-file-rules = the rules contradict themselves, or a tie would adopt
assembly-file-colleges = the colleges do not fit: names that differ, weights of 100 in all, members in each, no more papers than members
assembly-file-choose = the choice does not fit: candidates with names that differ, and at least one place
assembly-file-votes = the line names a question, a college or a mark that does not exist here
assembly-file-papers = question { $question }: { $papers } papers, and the roll has { $roll }
assembly-file-papers-college = question { $question }, college { $college }: { $papers } papers, and the roll has { $roll }
assembly-file-receipts = { $receipts } receipts for { $papers } papers
assembly-file-exposed = the file tells the choices of so few that it names them, and the vote is discreet
assembly-file-sectors = the sectors do not add up, or the row of a small sector could be worked out
