using System.Globalization;
using System.Text;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <content>The instructions: what each reads, takes from the stack and puts there.</content>
internal sealed partial class PickleReader
{
    private bool ReadValue(char code)
    {
        switch (code)
        {
            case 'N' or '\x88' or '\x89' or '\x97':
                return Push(PickleStack.Plain);
            case 'K':
                return Push((long)cursor.ReadByte("pickle"));
            case 'M':
                return Push((long)cursor.ReadUInt16("pickle"));
            case 'J':
                return Push((long)(int)cursor.ReadUInt32("pickle"));
            case '\x8a':
                return Push(ReadLong(cursor.ReadByte("pickle")));
            case '\x8b':
                return Skip(cursor.ReadUInt32("pickle"));
            case 'G':
                return Skip(8);
            case 'C':
                return Skip(cursor.ReadByte("pickle"));
            case 'B':
                return Skip(cursor.ReadUInt32("pickle"));
            case 'U':
                // A text of Python 2, in any encoding.
                return Push(Kept(cursor.Take(cursor.ReadByte("pickle"), "text of a pickle"), Encoding.Latin1));
            case 'T':
                return Skip(cursor.ReadUInt32("pickle"));
            case '\x8e' or '\x96':
                return Skip(cursor.ReadUInt64("pickle"));
            case '\x8c':
                return Push(ReadText(cursor.ReadByte("pickle")));
            case 'X':
                return Push(ReadText(cursor.ReadUInt32("pickle")));
            case '\x8d':
                return Push(ReadText(cursor.ReadUInt64("pickle")));
            case 'I' or 'L':
                return Push(long.TryParse(ReadLine().TrimEnd((byte)'L'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) ? whole : PickleStack.Plain);
            case 'V':
                return Push(Kept(ReadLine(), Encoding.UTF8));
            case 'F' or 'S':
                ReadLine();
                return Push(PickleStack.Plain);
            default:
                return false;
        }
    }

    private bool ReadContainer(char code)
    {
        switch (code)
        {
            case '(':
                _stack.Mark();
                break;
            case ')':
                return Push(PickleStack.Tuple);
            case ']':
                return Push(PickleStack.List);
            case '}':
                return Push(PickleStack.Dictionary);
            case '\x8f':
                return Push(PickleStack.Set);
            case 't':
                return Push(TorchStorage.Of(_stack.PopMark()));
            case '\x85' or '\x86' or '\x87':
                _stack.Pop(code - '\x84');
                return Push(PickleStack.Tuple);
            case 'l' or 'd' or '\x91':
                _stack.PopMark();
                return Push(code == 'l' ? PickleStack.List : code == 'd' ? PickleStack.Dictionary : PickleStack.Set);
            case 'a':
                object value = _stack.Pop();
                _stack.Append([value]);
                break;
            case 'e':
                _stack.Append(_stack.PopMark());
                break;
            case 's':
                _stack.Pop(2);
                _stack.AddTo(PickleStack.Dictionary);
                break;
            case 'u':
                long at = cursor.Position;
                if (_stack.PopMark().Length % 2 != 0)
                {
                    throw Refuse(at - 1, 1, $"The pickle has a key without a value before byte {Format.Count(at)}.");
                }

                _stack.AddTo(PickleStack.Dictionary);
                break;
            case '\x90':
                _stack.PopMark();
                _stack.AddTo(PickleStack.Set);
                break;
            case '0':
                _stack.Drop();
                break;
            case '1':
                _stack.PopMark();
                break;
            case '2':
                return Push(_stack.Peek());
            case 'q':
                _stack.Put(cursor.ReadByte("pickle"));
                break;
            case 'r':
                _stack.Put(cursor.ReadUInt32("pickle"));
                break;
            case 'p':
                _stack.Put(ReadIndex());
                break;
            case '\x94':
                _stack.Memoize();
                break;
            case 'h':
                return Push(_stack.Get(cursor.ReadByte("pickle")));
            case 'j':
                return Push(_stack.Get(cursor.ReadUInt32("pickle")));
            case 'g':
                return Push(_stack.Get(ReadIndex()));
            default:
                return false;
        }

        return true;
    }

    private bool ReadCall(char code)
    {
        switch (code)
        {
            case 'c':
                ReadName();
                return Push(new PickleName(ReadName()));
            case '\x93':
                var (name, module) = (_stack.Pop() as string, _stack.Pop() as string);
                return Push(name is null || module is null ? PickleStack.Unknown : new PickleName(name));
            case 'R' or '\x81':
                _stack.Call();
                return true;
            case '\x92':
                _stack.Pop(3);
                return Push(PickleStack.Unknown);
            case 'b':
                _stack.Pop();
                _stack.Peek();
                return true;
            case 'i':
                ReadName();
                ReadName();
                _stack.PopMark();
                return Push(PickleStack.Unknown);
            case 'o':
                _stack.PopMark();
                return Push(PickleStack.Unknown);
            case 'P':
                ReadLine();
                return Push(PickleStack.Unknown);
            case 'Q':
                object id = _stack.Pop();
                HasOtherIds |= id is TorchStorage storage ? !_stack.Keep(storage) : id != TorchStorage.Module;
                return Push(PickleStack.Unknown);
            case '\x82':
                cursor.Skip(1, "pickle");
                return Push(PickleStack.Unknown);
            case '\x83':
                cursor.Skip(2, "pickle");
                return Push(PickleStack.Unknown);
            case '\x84':
                cursor.Skip(4, "pickle");
                return Push(PickleStack.Unknown);
            case '\x80':
                long at = cursor.Position;
                byte protocol = cursor.ReadByte("pickle");
                return protocol <= NewestProtocol ? true : throw Refuse(at, 1, $"The pickle has the unknown protocol {protocol} at byte {Format.Count(at)}.");
            case '\x95':
                ulong frame = cursor.ReadUInt64("pickle");
                return frame <= (ulong)cursor.Remaining ? true : throw Refuse(cursor.Position - 8, 8, $"A frame of the pickle at byte {Format.Count(cursor.Position)} is longer than the file.");
            case '\x98':
                _stack.Peek();
                return true;
            default:
                return false;
        }
    }
}
