import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Kafka's own producer does what the lines of the standard input say, and prints the offset of each message. See java.producer.ts. */
public class Produce {
  public static void main(String[] brokers) throws Exception {
    Map<String, KafkaProducer<byte[], byte[]>> producers = new HashMap<>();
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] words = line.split(" ");
      KafkaProducer<byte[], byte[]> producer = producers.get(words[1]);
      switch (words[0]) {
        case "open" -> {
          Map<String, Object> settings = new HashMap<>(Map.of("bootstrap.servers", brokers[0], "linger.ms", "100"));
          for (int place = 2; place < words.length; place += 1) {
            String[] setting = words[place].split("=");
            settings.put(setting[0], setting[1]);
          }
          producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
          producers.put(words[1], producer);
          if (settings.containsKey("transactional.id")) producer.initTransactions();
        }
        case "send" -> {
          byte[] key = words[4].equals("-") ? null : Base64.getDecoder().decode(words[4]);
          byte[] value = Base64.getDecoder().decode(words[5]);
          sent.add(producer.send(new ProducerRecord<>(words[2], Integer.valueOf(words[3]), key, value)));
        }
        case "begin" -> producer.beginTransaction();
        case "commit" -> producer.commitTransaction();
        case "abort" -> {
          producer.flush();
          producer.abortTransaction();
        }
        case "close" -> producer.close();
        default -> throw new IllegalArgumentException(line);
      }
    }
    for (Future<RecordMetadata> message : sent) System.out.println(message.get().offset());
  }
}
