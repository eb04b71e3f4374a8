//! One object read as text: lines where somebody looks, and where a text stands. Nothing is read further than is asked for,
//! and of what was read only so much is kept; what lies before that is read anew.

use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::UnboundedReceiver;

use super::pass::{End, Pass};
use crate::aws::Session;
use crate::domain::amount::ByteCount;
use crate::domain::landed::window::Window;
use crate::domain::place::Region;
use crate::domain::problem::Problem;
use crate::domain::sought::Sought;
use crate::export::reach::Reach;

/// Between two reports of how far a long search has come.
const REPORT: Duration = Duration::from_millis(100);

/// Where an object is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectAt {
    /// The bucket.
    pub bucket: String,
    /// Where that is, if it is known.
    pub region: Option<Region>,
    /// The whole key.
    pub key: String,
}

/// What somebody wants to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Lines, counted from 0, as far as there are any.
    Lines(Range<u64>),
    /// The last lines: so many.
    Last(u64),
    /// The next line with this text, from a line on or else before it.
    Find {
        /// What is looked for, as a filter's text.
        text: String,
        /// From this line on; looking back, only before it.
        from: u64,
        /// Whether the first is wanted behind it, or the last before.
        forward: bool,
    },
}

/// What there is.
#[derive(Clone, Debug)]
pub enum Answer {
    /// It is still being read: so many lines, of so many bytes in the bucket.
    Going(u64, ByteCount),
    /// These lines.
    Lines(Lines),
    /// The line that has the text, if one has.
    Found(Option<u64>),
    /// The object cannot be read.
    Refused(Box<Problem>),
}

/// Some lines of an object.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// The number of the first.
    pub first: u64,
    /// They themselves (untrusted text).
    pub lines: Vec<Arc<str>>,
    /// How many lines are known of.
    pub known: u64,
    /// How the text ended, if its end was seen: then these are all.
    pub end: Option<End>,
    /// The bytes of the object that were read for it.
    pub read: ByteCount,
}

/// Answers what is asked of one object, until nobody can ask any more. Whoever asks for something else gives the question
/// before it up. Each answer is `told` with the question's own ticket.
pub async fn read<T, F>(
    session: Session,
    at: Arc<ObjectAt>,
    mut asks: UnboundedReceiver<(T, Ask)>,
    told: impl Fn(T, Answer) -> F,
) where
    T: Copy,
    F: Future<Output = ()>,
{
    let mut reader = Reader { session, at, reach: None, pass: None, window: Window::default(), end: None };
    let mut next = asks.recv().await;
    while let Some((ticket, ask)) = next {
        let told = |answer| told(ticket, answer);
        next = tokio::select! {
            biased;
            newer = asks.recv() => newer,
            () = reader.answer(ask, &told) => asks.recv().await,
        };
    }
}

struct Reader {
    session: Session,
    at: Arc<ObjectAt>,
    reach: Option<Reach>,
    pass: Option<Pass>,
    window: Window,
    end: Option<End>,
}

/// Where the lines of one step are: those that have just come.
type Come = Range<u64>;

impl Reader {
    async fn answer<F: Future<Output = ()>>(&mut self, ask: Ask, told: &impl Fn(Answer) -> F) {
        let answer = match ask {
            Ask::Lines(wanted) => self.lines(wanted, told).await.map(Answer::Lines),
            Ask::Last(count) => self.last(count, told).await.map(Answer::Lines),
            Ask::Find { text, from, forward: true } => self.find(&text, from, told).await.map(Answer::Found),
            Ask::Find { text, from, forward: false } => self.find_back(&text, from, told).await.map(Answer::Found),
        };
        let answer = answer.unwrap_or_else(|problem| {
            // Half a pass is of no use: whoever asks again begins anew.
            self.begin_again();
            Answer::Refused(Box::new(problem))
        });
        told(answer).await;
    }

    async fn lines<F: Future<Output = ()>>(
        &mut self,
        wanted: Range<u64>,
        told: &impl Fn(Answer) -> F,
    ) -> Result<Lines, Problem> {
        self.reach_back(wanted.start);
        let mut news = News::new(told);
        while self.window.next() < wanted.end && self.step().await?.is_some() {
            news.tell(self).await;
        }
        Ok(self.shown(wanted))
    }

    async fn last<F: Future<Output = ()>>(
        &mut self,
        count: u64,
        told: &impl Fn(Answer) -> F,
    ) -> Result<Lines, Problem> {
        let mut news = News::new(told);
        while self.step().await?.is_some() {
            news.tell(self).await;
        }
        let all = self.window.next();
        Ok(self.shown(all.saturating_sub(count)..all))
    }

    async fn find<F: Future<Output = ()>>(
        &mut self,
        text: &str,
        from: u64,
        told: &impl Fn(Answer) -> F,
    ) -> Result<Option<u64>, Problem> {
        self.reach_back(from);
        let sought = Sought::new(text);
        let mut news = News::new(told);
        let mut come = from..self.window.next();
        loop {
            let found = self.window.lines(come).find(|(_, line)| sought.is_in(line)).map(|(number, _)| number);
            if found.is_some() {
                return Ok(found);
            }
            match self.step().await? {
                Some(next) => come = next.start.max(from)..next.end,
                None => return Ok(None),
            }
            news.tell(self).await;
        }
    }

    async fn find_back<F: Future<Output = ()>>(
        &mut self,
        text: &str,
        from: u64,
        told: &impl Fn(Answer) -> F,
    ) -> Result<Option<u64>, Problem> {
        let sought = Sought::new(text);
        let last = |window: &Window, come: Range<u64>| {
            window.lines(come).rfind(|(_, line)| sought.is_in(line)).map(|(number, _)| number)
        };
        let kept = last(&self.window, 0..from);
        if kept.is_some() || self.window.first() == 0 {
            return Ok(kept);
        }
        self.begin_again();
        let mut news = News::new(told);
        let mut found = None;
        while self.window.next() < from
            && let Some(come) = self.step().await?
        {
            found = last(&self.window, come.start..come.end.min(from)).or(found);
            news.tell(self).await;
        }
        Ok(found)
    }

    /// Begins anew if `line` was forgotten.
    fn reach_back(&mut self, line: u64) {
        if line < self.window.first() {
            self.begin_again();
        }
    }

    fn begin_again(&mut self) {
        (self.pass, self.end, self.window) = (None, None, Window::default());
    }

    /// Reads on: the lines that have come; `None` at the end. May be given up at any time, and nothing is lost.
    async fn step(&mut self) -> Result<Option<Come>, Problem> {
        if self.end.is_some() {
            return Ok(None);
        }
        let before = self.window.next();
        let pass = if let Some(pass) = &mut self.pass {
            pass
        } else {
            let reach = self.reach().await?;
            self.pass.insert(Pass::begin(reach, self.at.key.clone()))
        };
        if let Some(text) = pass.next().await {
            self.window.push(&text);
        } else {
            self.end = Some(pass.end().await?);
            self.window.end();
        }
        Ok(Some(before..self.window.next()))
    }

    async fn reach(&mut self) -> Result<Reach, Problem> {
        if let Some(reach) = &self.reach {
            return Ok(reach.clone());
        }
        let reach = super::reach(self.session.clone(), &self.at.bucket, self.at.region.clone()).await?;
        self.reach = Some(reach.clone());
        Ok(reach)
    }

    fn read(&self) -> ByteCount {
        self.pass.as_ref().map_or_else(ByteCount::default, Pass::read)
    }

    fn shown(&self, wanted: Range<u64>) -> Lines {
        let first = wanted.start.clamp(self.window.first(), self.window.next());
        let lines = self.window.lines(wanted).map(|(_, line)| Arc::clone(line)).collect();
        Lines { first, lines, known: self.window.next(), end: self.end, read: self.read() }
    }
}

/// Tells every now and then how far the reading is.
struct News<'t, N> {
    told: &'t N,
    last: Instant,
}

impl<'t, N> News<'t, N> {
    fn new(told: &'t N) -> Self {
        Self { told, last: Instant::now() }
    }

    async fn tell<F: Future<Output = ()>>(&mut self, reader: &Reader)
    where
        N: Fn(Answer) -> F,
    {
        if self.last.elapsed() >= REPORT {
            self.last = Instant::now();
            (self.told)(Answer::Going(reader.window.next(), reader.read())).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use tokio::sync::mpsc;

    use super::*;
    use crate::domain::verify::object::Damage;
    use crate::export::checker::tests::Bench;

    fn gz(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    /// A reader of an object with these bytes, and where its answers arrive.
    struct Desk {
        asks: mpsc::UnboundedSender<(u32, Ask)>,
        answers: mpsc::UnboundedReceiver<(u32, Answer)>,
        asked: u32,
        _bench: Bench,
    }

    impl Desk {
        async fn new(bytes: Vec<u8>) -> Self {
            let bench = Bench::start().await;
            let key = "landed/4d2b/web/000000.gz".to_owned();
            let region = bench.session.region().clone();
            let bucket = crate::domain::names::BucketName::parse("acme-log-exports").unwrap();
            bench.session.objects(&bucket, &region).put(&key, bytes.into()).await.unwrap();
            let at = ObjectAt { bucket: bucket.to_string(), region: None, key };
            let (asks, asked) = mpsc::unbounded_channel();
            let (tell, answers) = mpsc::unbounded_channel();
            tokio::spawn(read(bench.session.clone(), Arc::new(at), asked, move |ticket, answer| {
                drop(tell.send((ticket, answer)));
                std::future::ready(())
            }));
            Self { asks, answers, asked: 0, _bench: bench }
        }

        async fn ask(&mut self, ask: Ask) -> Answer {
            self.asked += 1;
            self.asks.send((self.asked, ask)).unwrap();
            loop {
                match self.answers.recv().await.expect("it answers") {
                    (_, Answer::Going(..)) => {}
                    (ticket, answer) => {
                        assert_eq!(ticket, self.asked);
                        return answer;
                    }
                }
            }
        }

        async fn lines(&mut self, ask: Ask) -> Lines {
            match self.ask(ask).await {
                Answer::Lines(lines) => lines,
                other => panic!("{other:?}"),
            }
        }

        async fn find(&mut self, text: &str, from: u64, forward: bool) -> Option<u64> {
            match self.ask(Ask::Find { text: text.to_owned(), from, forward }).await {
                Answer::Found(line) => line,
                other => panic!("{other:?}"),
            }
        }
    }

    fn texts(lines: &Lines) -> Vec<&str> {
        lines.lines.iter().map(|line| &**line).collect()
    }

    /// So many lines of a hundred bytes.
    fn numbered(count: u32) -> String {
        (0..count).map(|n| format!("line {n:<94}\n")).collect::<Vec<_>>().concat()
    }

    #[tokio::test]
    async fn an_object_of_several_members_is_read_as_one_text_and_only_as_far_as_is_asked() {
        let bytes = [gz("one\ntwo\nthr"), gz("ee\nfour\n")].concat();
        let mut desk = Desk::new(bytes).await;
        let lines = desk.lines(Ask::Lines(1..3)).await;
        assert_eq!((lines.first, texts(&lines)), (1, vec!["two", "three"]));
        let lines = desk.lines(Ask::Lines(0..100)).await;
        assert_eq!(texts(&lines), ["one", "two", "three", "four"]);
        assert_eq!((lines.known, lines.end), (4, Some(End { packed: true, damage: None })));
        let lines = desk.lines(Ask::Last(2)).await;
        assert_eq!((lines.first, texts(&lines)), (2, vec!["three", "four"]));
    }

    #[tokio::test]
    async fn what_was_forgotten_is_read_anew() {
        let count = 200_000;
        let mut desk = Desk::new(gz(&numbered(count))).await;
        assert!(desk.lines(Ask::Lines(0..10)).await.known < 20_000, "no further than is asked for");
        let last = desk.lines(Ask::Last(1)).await;
        assert_eq!((last.known, texts(&last)[0].trim()), (u64::from(count), "line 199999"));
        let first = desk.lines(Ask::Lines(5..6)).await;
        assert_eq!((first.first, texts(&first)[0].trim(), first.end), (5, "line 5", None));
        assert_eq!(desk.find("line 150000", 6, true).await, Some(150_000));
        assert_eq!(desk.find("line 777 ", 150_000, false).await, Some(777), "long forgotten by then");
        assert_eq!(desk.find("line 9", 100_000, false).await, Some(99_999));
        assert_eq!(desk.find("no such", 0, true).await, None);
        assert_eq!(desk.find("line 5 ", 5, false).await, None, "only before it");
        assert_eq!(desk.find("LINE 5", 0, true).await, None, "a capital asks for capitals");
    }

    #[tokio::test]
    async fn damage_is_told_and_what_stands_before_it_is_shown() {
        let whole = gz(&numbered(20_000));
        let mut desk = Desk::new(whole[..whole.len() / 2].to_vec()).await;
        let lines = desk.lines(Ask::Last(1)).await;
        assert_eq!(lines.end, Some(End { packed: true, damage: Some(Damage::CutOff) }));
        assert!((1_000..20_000).contains(&lines.known), "{}", lines.known);
    }

    #[tokio::test]
    async fn what_is_no_gzip_is_shown_as_it_is() {
        let mut desk = Desk::new(b"{\n  \"plain\": true\n}".to_vec()).await;
        let lines = desk.lines(Ask::Lines(0..9)).await;
        assert_eq!(texts(&lines), ["{", "  \"plain\": true", "}"]);
        assert_eq!(lines.end, Some(End { packed: false, damage: None }));
        let mut desk = Desk::new(b"\x1fbut then something else".to_vec()).await;
        let lines = desk.lines(Ask::Lines(0..9)).await;
        assert_eq!((lines.known, lines.end), (0, Some(End { packed: true, damage: Some(Damage::NotGzip) })));
        let mut desk = Desk::new(Vec::new()).await;
        let lines = desk.lines(Ask::Lines(0..9)).await;
        assert_eq!(lines.end, Some(End { packed: true, damage: Some(Damage::NoBytes) }));
    }

    #[tokio::test]
    async fn a_newer_question_takes_the_place_of_the_one_before() {
        let mut desk = Desk::new(gz(&numbered(100_000))).await;
        desk.asks.send((100, Ask::Last(1))).unwrap();
        desk.asked = 100;
        let lines = desk.lines(Ask::Lines(0..2)).await;
        assert_eq!(lines.lines.len(), 2);
    }
}
