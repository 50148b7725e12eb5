namespace PerfPortal.Domain.Journal;

/// <content>What one caller submits.</content>
public sealed partial class OperationJournal
{
    /// <summary>
    /// The entries of one caller. The writer takes them for an attempt to commit and puts them back when it fails; the caller can withdraw
    /// them in between. During an attempt it can only ask for it: they are withdrawn if that attempt fails. After an attempt that may have stored them they
    /// are tried until their outcome is known, whether or not the caller still waits.
    /// </summary>
    private sealed class Submission(IReadOnlyList<JournalEntry> entries, TaskCompletionSource<IReadOnlyList<EntryResult>>? done)
    {
        private const int Waiting = 0;
        private const int Taken = 1;
        private const int TakenButUnwanted = 2;
        private const int Withdrawn = 3;
        private const int Uncertain = 4;

        private int _state = Waiting;

        public IReadOnlyList<JournalEntry> Entries { get; set; } = entries;

        /// <summary>Completes when the entries are durable or rejected; <see langword="null"/> if no caller waits for them.</summary>
        public TaskCompletionSource<IReadOnlyList<EntryResult>>? Done { get; } = done;

        /// <summary>The source to remove, or <see langword="null"/> when these are entries.</summary>
        public Removal? Removal { get; init; }

        /// <summary>Whether an earlier attempt may have stored the entries.</summary>
        public bool IsUncertain => Volatile.Read(ref _state) == Uncertain;

        /// <summary>Takes the entries for an attempt; <see langword="false"/> when they were withdrawn.</summary>
        public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Waiting) is Waiting or Uncertain;

        /// <summary>Records that the current attempt may have stored the entries.</summary>
        public void MarkUncertain() => Volatile.Write(ref _state, Uncertain);

        /// <summary>Puts the entries back after a failed attempt; <see langword="false"/> when they are withdrawn instead.</summary>
        public bool TryPutBack()
        {
            if (IsUncertain)
            {
                return true;
            }

            if (Interlocked.CompareExchange(ref _state, Waiting, Taken) == Taken)
            {
                return true;
            }

            Volatile.Write(ref _state, Withdrawn);
            return false;
        }

        /// <summary>Withdraws the entries; <see langword="false"/> when they are part of a running attempt, whose outcome decides, or may be stored already.</summary>
        public bool TryWithdraw()
        {
            int before = Interlocked.CompareExchange(ref _state, Withdrawn, Waiting);
            return before is Waiting or Withdrawn
                || (Interlocked.CompareExchange(ref _state, TakenButUnwanted, Taken) == Waiting && TryWithdraw());
        }
    }
}
